// SPDX-License-Identifier: BSL-1.0
// The `ctnn` command.
#include "command.hpp"
#include "files.hpp"
#include "progress.hpp"

#include <cstdio>
#include <exception>
#include <new>

namespace {

int report(const std::string& problem) {
    ctnn::tool::progress::say(false, "");
    std::fprintf(stderr, "ctnn: %s\n", ctnn::tool::printable(problem).c_str());
    return ctnn::tool::failed;
}

} // namespace

int main(int count, char** arguments) try {
    using namespace ctnn::tool;
    CLI::App app("Networks of other frameworks as C++ types, and what becomes of them.", "ctnn");
    app.set_version_flag("--version", "ctnn " CTNN_TOOL_VERSION);
    app.require_subcommand(1);
    action chosen;
    add_import(app, chosen);
    add_summary(app, chosen);
    add_explain(app, chosen);
    add_pack(app, chosen);
    add_check(app, chosen);
    add_export_c(app, chosen);
    add_quantize(app, chosen);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& problem) {
        if (problem.get_exit_code() == 0) return app.exit(problem);
        std::fprintf(stderr, "ctnn: %s\n", printable(problem.what()).c_str());
        std::fprintf(stderr, "ctnn --help, and ctnn COMMAND --help, say what there is\n");
        return misused;
    }
    end_on_signals();
    const int result = chosen();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return report("standard output cannot be written");
    return result;
} catch (const std::bad_alloc&) {
    return report("there is not enough memory");
} catch (const std::exception& problem) {
    return report(problem.what());
}
