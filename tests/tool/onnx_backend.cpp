// SPDX-License-Identifier: BSL-1.0
// Runs folders of ONNX' backend tests through the reader, by the layers' reference meanings:
//
//     onnx_backend [--list] [--constants] [--write DIRECTORY GROUPS] FOLDER...
//
// --list names every case with its verdict; --constants binds inputs that are shapes, axes or
// scales, so that they are tested too; --write writes what passes as the command would, in so many
// groups for run_backend to compile. The result is 1 if a case fails.
#include "../../tools/ctnn/model/evaluate.hpp"
#include "backend_cases.hpp"
#include "tolerance.hpp"
#include "write_backend.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace {

using backend::fs::path;

struct verdict {
    char kind = 'u'; ///< passed, failed, unsupported
    std::string reason;
};

verdict run_case(const path& folder, bool constants) try {
    verdict result{'u', "no data"};
    for (const path& data : backend::data_sets(folder)) {
        const backend::network_case subject = backend::load(folder, data, constants);
        for (const backend::example& next : subject.examples) {
            const auto found = ctnn::tool::evaluate(*subject.network, next.inputs);
            for (std::size_t i = 0; i < found.size(); ++i) {
                const double off = backend::distance(found[i], next.outputs[i]);
                if (off > backend::tolerance)
                    return {'f', "output " + subject.network->outputs[i].name + " is off by " +
                                     std::to_string(off)};
            }
        }
        result = {'p', ""};
    }
    return result;
} catch (const backend::unsupported& problem) {
    return {'u', problem.what()};
} catch (const std::exception& problem) {
    return {'f', problem.what()};
}

struct tally {
    int passed = 0, failed = 0, unsupported = 0;
};

int usage() {
    std::fputs("usage: onnx_backend [--list] [--constants] [--write DIRECTORY GROUPS] FOLDER...\n",
               stderr);
    return 2;
}

} // namespace

int main(int count, char** arguments) {
    bool list = false;
    bool constants = false;
    path directory;
    int groups = 0;
    std::vector<path> folders;
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        if (argument == "--list") {
            list = true;
        } else if (argument == "--constants") {
            constants = true;
        } else if (argument == "--write" && i + 2 < count) {
            directory = arguments[++i];
            groups = std::atoi(arguments[++i]);
            if (groups < 1) return usage();
        } else {
            folders.emplace_back(argument);
        }
    }
    if (folders.empty()) return usage();
    const std::vector<path> cases = backend::find_cases(folders);
    std::map<std::string, tally> by_operator;
    std::vector<path> passed;
    tally sum;
    for (const path& folder : cases) {
        const verdict found = run_case(folder, constants);
        for (tally* to : {&by_operator[backend::main_operator(folder)], &sum})
            ++(found.kind == 'p' ? to->passed : found.kind == 'f' ? to->failed : to->unsupported);
        if (found.kind == 'p') passed.push_back(folder);
        if (!list && found.kind != 'f') continue;
        std::printf("%-11s %s%s%s\n",
                    found.kind == 'p'   ? "passed"
                    : found.kind == 'f' ? "FAILED"
                                        : "unsupported",
                    folder.filename().c_str(), found.reason.empty() ? "" : ": ",
                    found.reason.substr(0, found.reason.find('\n')).c_str());
    }
    std::printf("%-28s %6s %6s %11s\n", "operator", "passed", "failed", "unsupported");
    for (const auto& [name, found] : by_operator)
        std::printf("%-28s %6d %6d %11d\n", name.c_str(), found.passed, found.failed,
                    found.unsupported);
    std::printf("%-28s %6d %6d %11d\n", "all", sum.passed, sum.failed, sum.unsupported);
    try {
        if (groups > 0 && backend::write_cases(passed, constants, directory, groups) > 0) return 1;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
    return sum.failed > 0 || cases.empty() ? 1 : 0;
}
