// SPDX-License-Identifier: BSL-1.0
// ctnn quantize: a model of floats as a network on int8.
#include "../model/constant_channels.hpp"
#include "../model/quantise.hpp"
#include "c_interface.hpp"
#include "command.hpp"
#include "files.hpp"
#include "progress.hpp"
#include "tensor_file.hpp"

#include <algorithm>
#include <cstdio>

namespace ctnn::tool {

namespace {

struct arguments {
    model_arguments model;
    std::vector<std::string> files;
    std::string directory;
    bool channels_last = false;
};

/// The examples of all inputs, from a file for each.
std::vector<example> read_examples(const arguments& given, const std::vector<port>& ports) {
    std::vector<port> inputs;
    for (const port& each : ports)
        if (each.is_input) inputs.push_back(each);
    if (given.files.size() != inputs.size())
        throw command_error("--calibration", "names " + std::to_string(given.files.size()) +
                                                 " files, and the model has " +
                                                 std::to_string(inputs.size()) + " inputs");
    std::vector<example> made;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const examples found = examples_of(read_tensor_file(given.files[i]), given.files[i],
                                           inputs[i].extent, inputs[i].order, given.channels_last);
        if (i > 0 && found.count != static_cast<long long>(made.size()))
            throw command_error(given.files[i], "has " + std::to_string(found.count) +
                                                    " examples, and the files before it " +
                                                    std::to_string(made.size()));
        made.resize(static_cast<std::size_t>(found.count));
        const auto cells = static_cast<std::ptrdiff_t>(inputs[i].extent.elements());
        for (std::size_t k = 0; k < made.size(); ++k) {
            const auto first = found.cells.begin() + static_cast<std::ptrdiff_t>(k) * cells;
            made[k].emplace_back(first, first + cells);
        }
    }
    return made;
}

int run(arguments& given) {
    given.model.load();
    const bool quiet = given.model.quiet();
    if (given.model.source().on_int8())
        throw command_error(printable(given.model.source().file), "is an int8 network already");
    const std::vector<example> examples =
        read_examples(given, ports_of(given.model.source(), given.model.network()));
    const std::string name = given.model.network().name();
    progress::say(quiet, "quantising by " + std::to_string(examples.size()) + " examples");
    const std::unique_ptr<model> source = given.model.take();
    const std::vector<quantised_output> outputs = quantise(*source, examples);
    if (!given.model.keeps_channels()) fold_constant_channels(*source);
    source->format += ", quantised by " + std::to_string(examples.size()) + " examples";
    const written_network network(*source, name);
    staging into(given.directory);
    into.write(name + ".hpp", network.header());
    into.write(name + ".safetensors", network.safetensors());
    into.keep({name + ".safetensors", name + ".hpp"});
    progress::say(quiet, "");
    if (quiet) return good;
    std::fputs(printable(network.summary()).c_str(), stdout);
    std::fputs(notes_of(*source).c_str(), stdout);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const quantised_output& one = outputs[i];
        std::printf(
            "output '%s', %lld examples: int8 is off by %.3g at most and %.3g on average, of "
            "a reach of %.3g; the greatest cell is the same in %lld\n",
            printable(source->outputs[i].name).c_str(), one.count, one.largest, one.mean, one.reach,
            one.same);
    }
    std::printf("wrote %s/%s.hpp and %s.safetensors\n", given.directory.c_str(), name.c_str(),
                name.c_str());
    return good;
}

} // namespace

void add_quantize(CLI::App& app, action& chosen) {
    const auto given = std::make_shared<arguments>();
    CLI::App& command = *app.add_subcommand(
        "quantize", "write a model of floats as a network on int8, by examples of its inputs");
    given->model.add_to(command, true);
    command
        .add_option(
            "--calibration", given->files,
            "a file for each input, in order: .npy, .pb (a tensor of ONNX), or raw float32; "
            "several examples may follow one another")
        ->required();
    command.add_option("-o,--directory", given->directory, "the folder to write to")->required();
    command.add_flag("--channels-last", given->channels_last,
                     "the files are in the network's order, not in the source's");
    command.callback([given, &chosen] { chosen = [given] { return run(*given); }; });
}

} // namespace ctnn::tool
