// SPDX-License-Identifier: BSL-1.0
// What the commands have in common: how they are added to the command line, and what they take.
#pragma once

#include "../readers/read.hpp"
#include "../writer/write.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ctnn::tool {

/// What ends a program. A usage error is CLI11's, and a broken promise of the model, say an output
/// that differs from what was expected, is one as bad input is.
enum exit_code { good = 0, failed = 1, misused = 2 };

/// What the command line chose to run.
using action = std::function<int()>;

void add_import(CLI::App& app, action& chosen);
void add_summary(CLI::App& app, action& chosen);
void add_explain(CLI::App& app, action& chosen);
void add_pack(CLI::App& app, action& chosen);
void add_check(CLI::App& app, action& chosen);
void add_export_c(CLI::App& app, action& chosen);
void add_quantize(CLI::App& app, action& chosen);

/// A problem with an argument or a file that is no model: `ctnn: WHERE: problem`.
struct command_error : std::runtime_error {
    command_error(const std::string& where, const std::string& problem)
        : std::runtime_error(where.empty() ? problem : where + ": " + problem) {}
};

/// MODEL and what is said about it: --name, --input, --dimension, --output, --keep-channels,
/// --quiet.
class model_arguments {
public:
    /// `named`: whether the command writes something that has a name.
    void add_to(CLI::App& command, bool named);

    /// Reads the model and makes a network of it. Throws import_error and command_error.
    void load();

    const model& source() const { return *source_; }
    const written_network& network() const { return *network_; }
    bool keeps_channels() const { return keep_channels_; }
    bool quiet() const { return quiet_; }

    /// The model alone, for a command that changes it.
    std::unique_ptr<model> take() {
        network_.reset();
        return std::move(source_);
    }

private:
    std::string path_;
    std::string name_;
    std::vector<std::string> inputs_;
    std::vector<std::string> dimensions_;
    std::vector<std::string> outputs_;
    bool keep_channels_ = false;
    bool quiet_ = false;
    std::unique_ptr<model> source_;
    std::unique_ptr<written_network> network_;
};

/// Throws command_error if the model is one of int8: `command` takes none yet. `instead` says what
/// does.
void refuse_int8(const model& source, const std::string& command, const std::string& instead);

/// What was folded, dropped or changed, a line each.
std::string notes_of(const model& source);

/// Text from anywhere for a terminal: control characters become question marks.
std::string printable(std::string text);

} // namespace ctnn::tool
