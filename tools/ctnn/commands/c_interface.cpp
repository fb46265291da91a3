// SPDX-License-Identifier: BSL-1.0
#include "c_interface.hpp"

#include "../writer/identifier.hpp"
#include "command.hpp"
#include "compiler.hpp"
#include "progress.hpp"
#include "run_time_plan.hpp"
#include "weights_text.hpp"

#include <algorithm>
#include <set>

namespace ctnn::tool {

namespace {

/// Text with `@word@` replaced, so that sources stand here as they are read.
std::string filled(std::string text,
                   const std::vector<std::pair<std::string, std::string>>& words) {
    for (const auto& [word, meaning] : words)
        for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;
             at += meaning.size())
            text.replace(at, word.size(), meaning);
    return text;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string spell(const shape& extent) {
    std::string text = "(";
    for (int axis = 0; axis < extent.rank; ++axis)
        text += (axis > 0 ? ", " : "") + std::to_string(extent[axis]);
    return text + ")";
}

/// Names that are there, with commas between them.
std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() || name.empty() ? "" : ", ") + name;
    return text;
}

constexpr const char* c_header = R"(/* @name@: a convolutional network. Made by ctnn export-c@hash@.
 *
 * All functions may be called by several threads at once, each with an arena of its own. Nothing
 * else is read or written, and nothing is kept. Cells are floats, row-major, channels last.
 */
#ifndef CTNN_@NAME@_H
#define CTNN_@NAME@_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What @name@_run returns. */
#define @NAME@_DONE 0
#define @NAME@_NULL_POINTER 1     /* the arena, or a tensor */
#define @NAME@_ARENA_NOT_ALIGNED 2 /* to @NAME@_ARENA_ALIGNMENT bytes */

#define @NAME@_ARENA_ALIGNMENT 64
@sizes@
/* Bytes that @name@_run works in: not less than 64. */
size_t @name@_arena_bytes(void);

/* Runs the network once.
@shapes@ * No input may overlap an output or the arena. */
int @name@_run(void* arena, @parameters@);

#ifdef __cplusplus
}
#endif

#endif
)";

constexpr const char* unit_source = R"(// @name@ for @target@. Made by ctnn export-c.
#include <ctnn/ctnn.hpp>

#include "@name@.hpp"

@check@namespace {
constexpr ctnn::target machine = @machine@;
}
static_assert(ctnn::plan_of<@name@::network, machine>::value.packed_floats == @floats@,
              "the library's headers are not those of the ctnn that wrote this");
static_assert(ctnn::plan_of<@name@::network, machine>::value.arena_bytes <= @bytes@);

// The numbers of @name@.@target@.f32, which lies where the compiler runs.
#if defined(__APPLE__)
__asm__(".const_data\n"
        ".balign 64\n"
        ".private_extern _@name@_@target@_weights\n"
        "_@name@_@target@_weights:\n"
        ".incbin \"@name@.@target@.f32\"\n"
        ".long 0\n"
        ".text\n");
#else
__asm__(".pushsection .rodata.@name@_@target@_weights,\"a\"\n"
        ".balign 64\n"
        ".globl @name@_@target@_weights\n"
        ".hidden @name@_@target@_weights\n"
        "@name@_@target@_weights:\n"
        ".incbin \"@name@.@target@.f32\"\n"
        ".long 0\n"
        ".popsection\n");
#endif
extern "C" [[gnu::visibility("hidden")]] const float @name@_@target@_weights[];

extern "C" [[gnu::visibility("hidden")]] void @name@_run_@target@(const float* const* inputs,
                                                                  float* const* outputs,
                                                                  float* arena) noexcept {
    ctnn::detail::run_network<@name@::network, float, machine>(@name@_@target@_weights, inputs,
                                                               outputs, arena);
}
)";

constexpr const char* asks_processor = R"(namespace {

// The processor is asked once: that may take longer than a small network.
ctnn::isa best_known() noexcept {
    static int known = -1;
    int best = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (best < 0) {
        best = static_cast<int>(ctnn::best_instructions());
        __atomic_store_n(&known, best, __ATOMIC_RELAXED);
    }
    return static_cast<ctnn::isa>(best);
}

} // namespace

)";

constexpr const char* entry_source = R"(// @name@'s C interface. Made by ctnn export-c.
#include "@name@.h"

#include <ctnn/kernels/machine/cpu.hpp>

#if defined(__GNUC__)
#define CTNN_VISIBLE __attribute__((visibility("default")))
#else
#define CTNN_VISIBLE
#endif

@declarations@
@asks@extern "C" CTNN_VISIBLE size_t @name@_arena_bytes(void) { return @bytes@; }

extern "C" CTNN_VISIBLE int @name@_run(void* arena, @parameters@) {
    const float* const inputs[] = {@inputs@};
    float* const outputs[] = {@outputs@};
    for (const float* input : inputs)
        if (input == nullptr) return @NAME@_NULL_POINTER;
    for (const float* output : outputs)
        if (output == nullptr) return @NAME@_NULL_POINTER;
    if (arena == nullptr) return @NAME@_NULL_POINTER;
    if (reinterpret_cast<__UINTPTR_TYPE__>(arena) % @NAME@_ARENA_ALIGNMENT != 0)
        return @NAME@_ARENA_NOT_ALIGNED;
    float* const cells = static_cast<float*>(arena);
@choice@    return @NAME@_DONE;
}
)";

} // namespace

std::vector<port> ports_of(const model& source, const written_network& network) {
    const graph_view graph = network.graph();
    std::vector<port> ports;
    for (std::size_t i = 0; i < source.layers.size(); ++i) {
        const layer& each = source.layers[i];
        if (!each.inputs.empty()) continue;
        int at = 0;
        while (find_input(graph, at) >= 0 &&
               network.layer_of(find_input(graph, at)) != static_cast<int>(i))
            ++at;
        if (find_input(graph, at) < 0)
            throw command_error(source.file, "no output depends on the input '" + each.name + "'");
        ports.push_back({"", each.name, each.output.extent, each.order, true, at});
    }
    const std::size_t inputs = ports.size();
    for (const model_output& each : source.outputs) {
        int at = 0;
        const text name{each.name.data(), static_cast<int>(each.name.size())};
        while (at + 1 < graph.output_count && !(graph.outputs[at].name == name)) ++at;
        ports.push_back({"", each.name, source.extent(each.layer), each.order, false, at});
    }
    std::set<std::string> taken;
    for (const char* name : {"arena", "inputs", "outputs", "cells", "best", "input", "output"})
        taken.insert(upper(name));
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const bool input = i < inputs;
        const bool alone = (input ? inputs : ports.size() - inputs) == 1;
        const std::string stem = alone || ports[i].source_name.empty()
                                     ? (input ? "in" : "out")
                                     : identifier(ports[i].source_name);
        ports[i].name = stem;
        for (int number = 1; !taken.insert(upper(ports[i].name)).second; ++number)
            ports[i].name = stem + "_" + std::to_string(number);
    }
    return ports;
}

c_interface::c_interface(const model& source, const written_network& network,
                         std::vector<named_target> machines) {
    const std::string& name = network.name();
    const std::vector<port> ports = ports_of(source, network);
    const std::vector<float> blob = network.blob();

    long long bytes = 64;
    std::vector<file> weights;
    std::vector<run_time_plan> plans;
    plans.reserve(machines.size());
    for (const named_target& machine : machines) {
        plans.emplace_back(network.graph(), machine.machine);
        bytes = std::max(bytes, plans.back().arena_bytes());
    }
    std::string declarations;
    std::string choice;
    for (std::size_t i = 0; i < machines.size(); ++i) {
        const named_target& machine = machines[i];
        weights.push_back(
            {name + "." + machine.name + ".f32", weights_as_bytes(plans[i].pack(blob))});
        // Files of different instruction sets share no function: the namespace of each differs.
        std::vector<std::string> flags = compiler_flags(machine.name);
        if (machines.size() > 1) flags.push_back("-Dctnn=ctnn_" + machine.name);
        units_.push_back({name + "." + machine.name + ".cpp", flags});
        const std::string check =
            machine.name == "scalar"
                ? ""
                : "static_assert(ctnn::this_machine.instructions == ctnn::isa::@target@,\n"
                  "              \"compile this file with @flags@\");\n\n";
        std::string flags_said;
        for (const std::string& flag : compiler_flags(machine.name))
            flags_said += (flags_said.empty() ? "" : " ") + flag;
        files_.push_back(
            {units_.back().source,
             filled(unit_source, {{"@check@", check},
                                  {"@flags@", flags_said.empty() ? "its flags" : flags_said},
                                  {"@name@", name},
                                  {"@target@", machine.name},
                                  {"@machine@", machine.expression()},
                                  {"@floats@", std::to_string(plans[i].packed_floats())},
                                  {"@bytes@", std::to_string(bytes)}})});
        const std::string call = name + "_run_" + machine.name;
        declarations += "extern \"C\" void " + call +
                        "(const float* const* inputs, float* const* outputs, float* arena) "
                        "noexcept;\n";
        const bool last = i + 1 == machines.size();
        const std::string run = call + "(inputs, outputs, cells);\n";
        if (!last)
            choice += "    if (best >= ctnn::isa::" + machine.name + ") {\n        " + run +
                      "        return @NAME@_DONE;\n    }\n";
        else
            choice += "    " + run;
    }
    if (machines.size() > 1) choice = "    const ctnn::isa best = best_known();\n" + choice;

    std::string parameters;
    std::vector<std::string> inputs(ports.size());
    std::vector<std::string> outputs(ports.size());
    std::string sizes;
    std::string shapes;
    for (const port& each : ports) {
        parameters += (parameters.empty() ? "" : ", ") +
                      std::string(each.is_input ? "const float* " : "float* ") + each.name;
        (each.is_input ? inputs : outputs)[static_cast<std::size_t>(each.at)] = each.name;
        sizes += "#define @NAME@_" + upper(each.name) + "_FLOATS " +
                 std::to_string(each.extent.elements()) + "\n";
        shapes += " * " + each.name + ": " + spell(each.extent) + "\n";
    }
    const std::string hash =
        source.sha256.empty() ? "" : "\n * from a file of SHA-256 " + source.sha256;
    const std::vector<std::pair<std::string, std::string>> words{
        {"@hash@", hash},
        {"@sizes@", sizes},
        {"@shapes@", shapes},
        {"@parameters@", parameters},
        {"@declarations@", declarations},
        {"@asks@", machines.size() > 1 ? asks_processor : ""},
        {"@choice@", choice},
        {"@inputs@", listed(inputs)},
        {"@outputs@", listed(outputs)},
        {"@bytes@", std::to_string(bytes)},
        {"@name@", name},
        {"@NAME@", upper(name)}};
    files_.insert(files_.begin(), {{name + ".h", filled(c_header, words)},
                                   {name + ".hpp", network.header()},
                                   {name + ".cpp", filled(entry_source, words)}});
    files_.insert(files_.end(), weights.begin(), weights.end());
    units_.insert(units_.begin(), {name + ".cpp", {}});
}

void c_interface::compile_in(const std::filesystem::path& directory,
                             const std::filesystem::path& headers, const std::string& object,
                             bool quiet) const {
    std::vector<std::string> link{"-r", "-nostdlib", "-o", object};
    for (const unit& each : units_) {
        progress::say(quiet, "compiling " + each.source);
        std::vector<std::string> arguments{"-std=c++20", "-O2",      "-fPIC", "-fno-exceptions",
                                           "-fno-rtti",  "-DNDEBUG", "-I"};
        arguments.push_back(headers.string());
        arguments.push_back("-fvisibility=hidden");
        arguments.insert(arguments.end(), each.flags.begin(), each.flags.end());
        const std::string made = each.source + ".o";
        for (const char* last : {"-c", each.source.c_str(), "-o", made.c_str()})
            arguments.emplace_back(last);
        compile(directory, arguments);
        link.push_back(made);
    }
    progress::say(quiet, "linking " + object);
    compile(directory, link);
    progress::say(quiet, "");
}

} // namespace ctnn::tool
