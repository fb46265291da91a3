// SPDX-License-Identifier: BSL-1.0
// ctnn summary: a model's layers as a table.
#include "command.hpp"

#include <cstdio>

namespace ctnn::tool {

void add_summary(CLI::App& app, action& chosen) {
    const auto given = std::make_shared<model_arguments>();
    CLI::App& command = *app.add_subcommand("summary", "print a model's layers as a table");
    given->add_to(command, true);
    command.callback([given, &chosen] {
        chosen = [given] {
            given->load();
            std::fputs(printable(given->network().summary()).c_str(), stdout);
            if (!given->quiet()) std::fputs(notes_of(given->source()).c_str(), stdout);
            return int{good};
        };
    });
}

} // namespace ctnn::tool
