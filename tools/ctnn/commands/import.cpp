// SPDX-License-Identifier: BSL-1.0
// ctnn import: a model as a header and its weights.
#include "command.hpp"
#include "files.hpp"
#include "progress.hpp"
#include "weights_text.hpp"

#include <cstdio>

namespace ctnn::tool {

void add_import(CLI::App& app, action& chosen) {
    struct arguments {
        model_arguments model;
        std::string directory;
        bool blob = false;
    };
    const auto given = std::make_shared<arguments>();
    CLI::App& command = *app.add_subcommand(
        "import", "write a model as a network's type (N.hpp) and its weights (N.safetensors)");
    given->model.add_to(command, true);
    command.add_option("-o,--directory", given->directory, "the folder to write to")->required();
    command.add_flag("--blob", given->blob,
                     "write N.f32 too: the weights alone, in the order of the network's blob");
    command.callback([given, &chosen] {
        chosen = [given] {
            given->model.load();
            if (given->blob)
                refuse_int8(
                    given->model.source(), "--blob",
                    "say INT8 in ctnn_add_model, or leave it out: the weights are in the file "
                    "of safetensors");
            const written_network& network = given->model.network();
            const bool quiet = given->model.quiet();
            progress::say(quiet, "writing " + network.name());
            const std::string header = network.name() + ".hpp";
            const std::string weights = network.name() + ".safetensors";
            const std::string blob = network.name() + ".f32";
            staging into(given->directory);
            std::vector<std::string> names{weights, header};
            into.write(header, network.header());
            into.write(weights, network.safetensors());
            if (given->blob) {
                into.write(blob, weights_as_bytes(network.blob()));
                names.insert(names.begin(), blob);
            }
            into.keep(names);
            progress::say(quiet, "");
            if (!quiet) {
                std::fputs(printable(network.summary()).c_str(), stdout);
                std::fputs(notes_of(given->model.source()).c_str(), stdout);
                std::printf("wrote %s/%s and %s\n", given->directory.c_str(), header.c_str(),
                            weights.c_str());
            }
            return int{good};
        };
    });
}

} // namespace ctnn::tool
