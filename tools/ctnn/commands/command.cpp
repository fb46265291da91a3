// SPDX-License-Identifier: BSL-1.0
#include "command.hpp"

#include "../model/constant_channels.hpp"
#include "../writer/identifier.hpp"
#include "progress.hpp"

#include <charconv>
#include <filesystem>

namespace ctnn::tool {

namespace {

constexpr long long largest_extent = 1 << 24;

long long read_extent(const std::string& argument, std::string_view digits) {
    long long number = 0;
    const char* end = digits.data() + digits.size();
    const auto found = std::from_chars(digits.data(), end, number);
    if (found.ec != std::errc{} || found.ptr != end || number < 1 || number > largest_extent)
        throw command_error("'" + argument + "'",
                            "'" + std::string(digits) + "' is no extent: a whole number from 1 on");
    return number;
}

/// NAME=VALUE; a name may hold '=' itself.
std::pair<std::string, std::string_view> split(const std::string& argument, const char* form) {
    const std::size_t at = argument.rfind('=');
    if (at == std::string::npos || at == 0)
        throw command_error("'" + argument + "'", std::string("expected ") + form);
    return {argument.substr(0, at), std::string_view(argument).substr(at + 1)};
}

std::vector<long long> read_extents(const std::string& argument, std::string_view list) {
    std::vector<long long> extents;
    while (true) {
        const std::size_t comma = list.find(',');
        extents.push_back(read_extent(argument, list.substr(0, comma)));
        if (comma == std::string_view::npos) return extents;
        list.remove_prefix(comma + 1);
    }
}

} // namespace

void model_arguments::add_to(CLI::App& command, bool named) {
    command.add_option("MODEL", path_, "a model file: ONNX, Keras (.h5, .keras), TensorFlow Lite")
        ->required();
    if (named)
        command.add_option("--name", name_, "what the network is called (of the file's name)");
    command.add_option("--input", inputs_,
                       "NAME=EXTENTS: the extents of an input without the batch, as the file "
                       "orders them: image=3,224,224");
    command.add_option("--dimension", dimensions_, "NAME=VALUE: the extent of a dynamic dimension");
    command.add_option("--output", outputs_, "NAME: import what leads to this output alone");
    command.add_flag("--keep-channels", keep_channels_,
                     "leave channels of an int8 network that are the same for every input");
    command.add_flag("--quiet", quiet_, "say nothing but errors and what was asked for");
}

void model_arguments::load() {
    if (!name_.empty()) {
        const std::string problem = problem_of_name(name_);
        if (!problem.empty()) throw command_error("--name '" + name_ + "'", problem);
    }
    read_options options;
    options.outputs = outputs_;
    for (const std::string& argument : inputs_) {
        const auto [name, extents] = split(argument, "NAME=EXTENTS, say image=3,224,224");
        options.inputs[name] = read_extents(argument, extents);
    }
    for (const std::string& argument : dimensions_) {
        const auto [name, extent] = split(argument, "NAME=VALUE, say width=224");
        options.dimensions[name] = read_extent(argument, extent);
    }
    progress::say(quiet_, "reading " + path_);
    source_ = read_model(path_, options);
    if (!keep_channels_) fold_constant_channels(*source_);
    progress::say(quiet_, "finding the structure of " + path_);
    network_ = std::make_unique<written_network>(
        *source_, name_.empty() ? std::filesystem::path(path_).stem().string() : name_);
    progress::say(quiet_, "");
}

void refuse_int8(const model& source, const std::string& command, const std::string& instead) {
    if (source.on_int8())
        throw command_error(printable(source.file), "is an int8 network, which " + command +
                                                        " does not take yet; " + instead);
}

std::string notes_of(const model& source) {
    std::string text;
    for (const std::string& note : source.notes) text += note + "\n";
    return printable(text);
}

std::string printable(std::string text) {
    for (char& c : text)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) c = '?';
    return text;
}

} // namespace ctnn::tool
