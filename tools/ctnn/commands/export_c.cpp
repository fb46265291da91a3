// SPDX-License-Identifier: BSL-1.0
// ctnn export-c: a network for C programs, and for all that can call C.
#include "c_interface.hpp"
#include "command.hpp"
#include "compiler.hpp"
#include "files.hpp"
#include "progress.hpp"

#include <algorithm>
#include <cstdio>

namespace ctnn::tool {

namespace {

struct arguments {
    model_arguments model;
    std::string directory;
    std::vector<std::string> targets;
    std::string stored;
    std::string include;
    bool source = false;
};

std::vector<named_target> machines_of(const arguments& given) {
    const std::vector<std::string> wanted = given.targets.empty() ? all_targets() : given.targets;
    std::vector<named_target> machines;
    for (const std::string& name : wanted) machines.push_back(read_target(name, given.stored));
    std::sort(machines.begin(), machines.end(), [](const auto& left, const auto& right) {
        return left.machine.instructions > right.machine.instructions;
    });
    const auto same = [](const auto& left, const auto& right) { return left.name == right.name; };
    machines.erase(std::unique(machines.begin(), machines.end(), same), machines.end());
    const bool arm = machines.front().name == "neon";
    if (arm && machines.size() > 1)
        throw command_error("--target", "neon and instruction sets of x86 are for different "
                                        "processors; export them one after the other");
    return machines;
}

int run(arguments& given) {
    const std::vector<named_target> machines = machines_of(given);
    const std::filesystem::path headers =
        given.source ? std::filesystem::path() : headers_folder(given.include);
    given.model.load();
    refuse_int8(given.model.source(), "'ctnn export-c'",
                "ctnn_add_model(... INT8) in CMake builds it into a program");
    const written_network& network = given.model.network();
    const bool quiet = given.model.quiet();
    progress::say(quiet, "packing " + network.name());
    const c_interface made(given.model.source(), network, machines);
    staging into(given.directory);
    std::vector<std::string> names;
    for (const c_interface::file& each : made.files()) {
        into.write(each.name, each.bytes);
        if (given.source) names.push_back(each.name);
    }
    if (!given.source) {
        const std::string object = network.name() + ".o";
        made.compile_in(into.path(), headers, object, quiet);
        names = {object, network.name() + ".h"};
    }
    into.keep(names);
    progress::say(quiet, "");
    if (quiet) return good;
    std::fputs(notes_of(given.model.source()).c_str(), stdout);
    for (const std::string& name : names)
        std::printf("wrote %s/%s\n", given.directory.c_str(), name.c_str());
    return good;
}

} // namespace

void add_export_c(CLI::App& app, action& chosen) {
    const auto given = std::make_shared<arguments>();
    CLI::App& command = *app.add_subcommand(
        "export-c", "compile a model to an object with a C header (by $CXX, or c++)");
    given->model.add_to(command, true);
    command.add_option("-o,--directory", given->directory, "the folder to write to")->required();
    command.add_option("--target", given->targets,
                       "scalar, sse2, avx2, avx512, neon or native; several: the best one that the "
                       "processor has is taken at run time (all of this processor's family)");
    command.add_option("--stored", given->stored, "store weights as float16 or bfloat16");
    command.add_option("--include", given->include, "the folder of the library's headers")
        ->envname("CTNN_INCLUDE");
    command.add_flag("--source", given->source, "write the sources and compile nothing");
    command.callback([given, &chosen] { chosen = [given] { return run(*given); }; });
}

} // namespace ctnn::tool
