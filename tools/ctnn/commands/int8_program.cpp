// SPDX-License-Identifier: BSL-1.0
#include "int8_program.hpp"

#include "command.hpp"
#include "compiler.hpp"
#include "files.hpp"
#include "progress.hpp"

#include <ctnn/safetensors.hpp>

namespace ctnn::tool {

namespace {

constexpr const char* start_of_program = R"(#include <ctnn/ctnn.hpp>
#include <cstdio>

#include "network.hpp"

using net = @name@::network;
constexpr ctnn::target machine = @machine@;
static_assert(machine.instructions == ctnn::isa::scalar ||
                  ctnn::this_machine.instructions == machine.instructions,
              "$CXX says another instruction set than --target");
using kernels_span = decltype(ctnn::quantized_weights<net>::kernels);
using biases_span = decltype(ctnn::quantized_weights<net>::biases);
constexpr std::size_t packed_bytes = ctnn::quantized_packed<net, machine>::extent;

static ctnn::int8 kernels[net::size.kernels + 1];
static int biases[net::size.biases + 1];
alignas(64) static unsigned char packed[packed_bytes];
static ctnn::quantized_arena<net, machine> memory;

static bool read(const char* path, void* to, std::size_t bytes) {
    std::FILE* const file = std::fopen(path, "rb");
    const bool whole = file != nullptr && std::fread(to, 1, bytes, file) == bytes;
    if (file != nullptr) std::fclose(file);
    return whole;
}

int main() {
    if (!read("kernels.i8", kernels, net::size.kernels) ||
        !read("biases.i32", biases, 4 * std::size_t{net::size.biases}))
        return 2;
    ctnn::pack<net, machine>({kernels_span{kernels}, biases_span{biases}},
                             ctnn::fixed_span<unsigned char, packed_bytes>{packed});
)";

std::string filled(std::string text, const std::string& word, const std::string& meaning) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += meaning.size())
        text.replace(at, word.size(), meaning);
    return text;
}

std::string program_source(const written_network& network, const std::vector<port>& ports,
                           const named_target& machine) {
    std::string memory;
    std::string read;
    std::string write;
    std::vector<std::string> inputs(ports.size());
    std::vector<std::string> outputs(ports.size());
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const std::string count = std::to_string(ports[i].extent.elements());
        const std::string buffer = "tensor_" + std::to_string(i);
        memory += "    static ctnn::int8 " + buffer + "[" + count + "];\n";
        (ports[i].is_input ? inputs : outputs)[static_cast<std::size_t>(ports[i].at)] = buffer;
        (ports[i].is_input ? read : write) +=
            "        if (std::f" + std::string(ports[i].is_input ? "read(" : "write(") + buffer +
            ", 1, " + count + ", " + (ports[i].is_input ? "stdin" : "stdout") + ") != " + count +
            ") return " + (ports[i].is_input ? "0" : "3") + ";\n";
    }
    const auto list = [](const std::vector<std::string>& names) {
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() || name.empty() ? "" : ", ") + name;
        return text;
    };
    const auto spans = [](std::string names) {
        return names.find(',') == std::string::npos ? names : "{" + names + "}";
    };
    return filled(filled(start_of_program, "@name@", network.name()), "@machine@",
                  machine.expression()) +
           memory + "    for (;;) {\n" + read +
           "        ctnn::run<net, machine>("
           "ctnn::fixed_span<const unsigned char, packed_bytes>{packed}, " +
           spans(list(inputs)) + ", " + spans(list(outputs)) + ", memory);\n" + write +
           "    }\n}\n";
}

} // namespace

std::string run_int8_compiled(const written_network& network, const std::vector<port>& ports,
                              const named_target& machine, const std::filesystem::path& headers,
                              std::string_view examples, bool quiet) {
    staging folder(std::filesystem::temp_directory_path());
    const std::vector<signed char> kernels = network.kernels();
    const std::vector<int> biases = network.biases();
    std::vector<std::byte> words(4 * biases.size());
    for (std::size_t i = 0; i < biases.size(); ++i)
        detail::put_int32(biases[i], words.data() + 4 * i);
    folder.write("network.hpp", network.header());
    folder.write("program.cpp", program_source(network, ports, machine));
    folder.write("kernels.i8", {reinterpret_cast<const char*>(kernels.data()), kernels.size()});
    folder.write("biases.i32", {reinterpret_cast<const char*>(words.data()), words.size()});
    progress::say(quiet, "compiling " + network.name() + " for " + machine.name);
    std::vector<std::string> arguments{"-std=c++20", "-O2"};
    for (const std::string& flag : compiler_flags(machine.name)) arguments.push_back(flag);
    arguments.insert(arguments.end(), {"-I", headers.string(), "program.cpp", "-o", "program"});
    compile(folder.path(), arguments);
    progress::say(quiet, "running");
    const run_result ran =
        run_program({(folder.path() / "program").string()}, examples, folder.path());
    progress::say(quiet, "");
    if (ran.status != 0)
        throw command_error(network.name(), "the compiled network ended with " +
                                                std::to_string(ran.status) + "\n" +
                                                ran.errors.substr(0, 2000));
    return ran.output;
}

} // namespace ctnn::tool
