// SPDX-License-Identifier: BSL-1.0
// ctnn check: compiles a model, runs it, and compares what comes out with what should.
#include "../model/evaluate.hpp"
#include "../model/int8.hpp"
#include "c_interface.hpp"
#include "command.hpp"
#include "compiler.hpp"
#include "files.hpp"
#include "int8_program.hpp"
#include "progress.hpp"
#include "tensor_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace ctnn::tool {

namespace {

struct arguments {
    model_arguments model;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::string target;
    std::string stored;
    std::string include;
    double tolerance = 1e-4;
    bool channels_last = false;
    bool reference = true;
};

/// How far results are from what was expected.
struct difference {
    double largest = 0;  ///< of all |result - expected|
    double relative = 0; ///< the largest |result - expected| / max(1, |expected|)
    std::size_t at = 0;  ///< where that is

    template <class Number> void add(std::size_t cell, Number result, float expected) {
        const auto got = static_cast<double>(result);
        const auto wanted = static_cast<double>(expected);
        if ((std::isnan(got) && std::isnan(wanted)) || got == wanted) return;
        double off = std::abs(got - wanted);
        if (std::isnan(off)) off = std::numeric_limits<double>::infinity();
        largest = std::max(largest, off);
        const double share = std::isinf(off) ? off : off / std::max(1.0, std::abs(wanted));
        if (share <= relative) return;
        relative = share;
        at = cell;
    }
};

/// Reads examples, each all inputs, from standard input, and writes what comes out.
std::string program_source(const std::string& name, const std::vector<port>& ports) {
    std::string memory;
    std::string read;
    std::string write;
    std::string call;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const std::string count = std::to_string(ports[i].extent.elements());
        const std::string buffer = "tensor_" + std::to_string(i);
        memory += "    static float " + buffer + "[" + count + "];\n";
        call += ", " + buffer;
        if (ports[i].is_input)
            read += "        if (fread(" + buffer + ", 4, " + count + ", stdin) != " + count +
                    ") return 0;\n";
        else
            write += "        if (fwrite(" + buffer + ", 4, " + count + ", stdout) != " + count +
                     ") return 3;\n";
    }
    return "#include \"" + name +
           ".h\"\n#include <stdio.h>\n#include <stdlib.h>\n\nint main() {\n" + memory +
           "    void* arena = aligned_alloc(64, (" + name +
           "_arena_bytes() + 63) / 64 * 64);\n    if (arena == nullptr) return 4;\n    for (;;) "
           "{\n" +
           read + "        if (" + name + "_run(arena" + call + ") != 0) return 5;\n" + write +
           "    }\n}\n";
}

class comparison {
public:
    explicit comparison(arguments& given) : given_(given) {}

    int run() {
        const std::filesystem::path headers = headers_folder(given_.include);
        given_.model.load();
        machine_ = read_target(given_.target, given_.stored,
                               source().on_int8() ? more_targets::int8 : more_targets::none);
        if (source().on_int8() && !given_.stored.empty())
            throw command_error("--stored", "weights of an int8 network are stored as int8");
        ports_ = ports_of(source(), network());
        read_files();
        const std::vector<float> results =
            source().on_int8() ? run_int8(headers) : run_compiled(headers);
        bool agreed = compare(
            "compiled for " + machine_.name, count_, [&](std::size_t output, long long example) {
                const auto first = results.begin() + example * output_cells_ + first_cells_[output];
                return std::vector<double>(first, first + cells_of(output));
            });
        if (given_.reference) agreed = evaluate_examples() && agreed;
        if (!agreed)
            std::fprintf(stderr, "ctnn: %s: the outputs are not those expected\n",
                         printable(source().file).c_str());
        return agreed ? good : failed;
    }

private:
    const model& source() const { return given_.model.source(); }
    const written_network& network() const { return given_.model.network(); }
    std::ptrdiff_t cells_of(std::size_t port) const { return ports_[port].extent.elements(); }

    std::size_t inputs_count() const {
        return static_cast<std::size_t>(std::count_if(
            ports_.begin(), ports_.end(), [](const port& each) { return each.is_input; }));
    }

    /// The files' examples of each port.
    void read_files() {
        for (const bool input : {true, false}) {
            const char* what = input ? "input" : "output";
            const std::vector<std::string>& given = input ? given_.inputs : given_.outputs;
            std::vector<std::string> names;
            for (const port& each : ports_)
                if (each.is_input == input) names.push_back(each.source_name);
            for (const std::string& file : files_by_name(what, given, names))
                data_.push_back(read(file, ports_[data_.size()]));
        }
        for (std::size_t i = 0; i < ports_.size(); ++i) {
            first_cells_.push_back(ports_[i].is_input ? 0 : output_cells_);
            if (!ports_[i].is_input) output_cells_ += cells_of(i);
        }
    }

    examples read(const std::string& path, const port& to) {
        const examples made = examples_of(read_tensor_file(path, source().on_int8()), path,
                                          to.extent, to.order, given_.channels_last);
        if (count_ != 0 && made.count != count_)
            throw command_error(path, "has " + std::to_string(made.count) +
                                          " examples, and the files before it " +
                                          std::to_string(count_));
        count_ = made.count;
        return made;
    }

    /// FILE for each in order, or NAME=FILE.
    static std::vector<std::string> files_by_name(const char* what,
                                                  const std::vector<std::string>& given,
                                                  const std::vector<std::string>& names) {
        const std::string option = std::string("--") + what + "s";
        if (given.size() != names.size())
            throw command_error(option, "names " + std::to_string(given.size()) +
                                            " files, and the model has " +
                                            std::to_string(names.size()) + " " + what + "s");
        std::vector<std::string> files(names.size());
        for (std::size_t i = 0; i < given.size(); ++i) {
            std::size_t at = i;
            std::string file = given[i];
            for (std::size_t k = 0; k < names.size(); ++k)
                if (file.starts_with(names[k] + "=")) {
                    at = k;
                    file.erase(0, names[k].size() + 1);
                    break;
                }
            if (!files[at].empty())
                throw command_error(option, "two files for '" + names[at] + "'");
            files[at] = file;
        }
        return files;
    }

    std::vector<float> run_compiled(const std::filesystem::path& headers) {
        const bool quiet = given_.model.quiet();
        const c_interface made(source(), network(), {machine_});
        staging folder(std::filesystem::temp_directory_path());
        for (const c_interface::file& each : made.files()) folder.write(each.name, each.bytes);
        folder.write("program.cpp", program_source(network().name(), ports_));
        made.compile_in(folder.path(), headers, "network.o", quiet);
        compile(folder.path(), {"-std=c++20", "-O1", "program.cpp", "network.o", "-o", "program"});
        progress::say(quiet, "running " + std::to_string(count_) + " examples");
        std::string bytes;
        for (long long example = 0; example < count_; ++example)
            for (std::size_t i = 0; i < ports_.size(); ++i) {
                if (!ports_[i].is_input) continue;
                const float* first = data_[i].cells.data() + example * cells_of(i);
                bytes.append(reinterpret_cast<const char*>(first),
                             static_cast<std::size_t>(cells_of(i)) * sizeof(float));
            }
        const run_result ran = run_program({(folder.path() / "program").string()}, bytes);
        progress::say(quiet, "");
        const std::size_t expected = static_cast<std::size_t>(count_ * output_cells_) * 4;
        if (ran.status != 0 || ran.output.size() != expected)
            throw command_error(source().file, "the compiled network ended with " +
                                                   std::to_string(ran.status) + " after " +
                                                   std::to_string(ran.output.size()) + " of " +
                                                   std::to_string(expected) + " bytes\n" +
                                                   ran.errors.substr(0, 2000));
        std::vector<float> results(expected / 4);
        std::memcpy(results.data(), ran.output.data(), expected);
        return results;
    }

    std::vector<float> run_int8(const std::filesystem::path& headers) {
        std::string bytes;
        for (long long example = 0; example < count_; ++example)
            for (std::size_t i = 0; i < ports_.size(); ++i)
                for (std::ptrdiff_t k = 0; ports_[i].is_input && k < cells_of(i); ++k)
                    bytes += static_cast<char>(
                        data_[i].cells[static_cast<std::size_t>(example * cells_of(i) + k)]);
        const std::string made =
            run_int8_compiled(network(), ports_, machine_, headers, bytes, given_.model.quiet());
        if (made.size() != static_cast<std::size_t>(count_ * output_cells_))
            throw command_error(source().file,
                                "the compiled network gave " + std::to_string(made.size()) +
                                    " of " + std::to_string(count_ * output_cells_) + " bytes");
        std::vector<float> results;
        for (const char cell : made)
            results.push_back(static_cast<float>(static_cast<signed char>(cell)));
        return results;
    }

    /// The outputs of one example by the layers' meanings.
    std::vector<std::vector<double>> evaluate_example(long long example) const {
        std::vector<std::vector<double>> cells;
        std::vector<std::vector<signed char>> bytes;
        for (std::size_t i = 0; i < ports_.size(); ++i) {
            if (!ports_[i].is_input) continue;
            const auto first = data_[i].cells.begin() + example * cells_of(i);
            if (source().on_int8())
                bytes.emplace_back(first, first + cells_of(i));
            else
                cells.emplace_back(first, first + cells_of(i));
        }
        if (!source().on_int8()) return evaluate(source(), cells);
        for (const std::vector<signed char>& made : evaluate_int8(source(), bytes))
            cells.emplace_back(made.begin(), made.end());
        return cells;
    }

    /// As many examples as do not take long.
    bool evaluate_examples() {
        constexpr long long most_macs = 1'000'000'000;
        const long long macs = std::max(1LL, detail::sum_of(network().graph()).macs);
        const long long some = std::clamp(most_macs / macs, 1LL, count_);
        std::vector<std::vector<std::vector<double>>> made;
        for (long long example = 0; example < some; ++example) {
            progress::say(given_.model.quiet(), "evaluating example " +
                                                    std::to_string(example + 1) + " of " +
                                                    std::to_string(some));
            made.push_back(evaluate_example(example));
        }
        progress::say(given_.model.quiet(), "");
        return compare(source().on_int8() ? "by reference meanings, on int8"
                                          : "by reference meanings, in double",
                       some, [&](std::size_t output, long long example) {
                           return made[static_cast<std::size_t>(example)][output - inputs_count()];
                       });
    }

    /// Compares `count` examples of what `result(output, example)` gives; says how they differ.
    template <class Result> bool compare(const std::string& what, long long count, Result result) {
        bool all = true;
        for (std::size_t i = inputs_count(); i < ports_.size(); ++i) {
            difference found;
            const auto cells = static_cast<std::size_t>(cells_of(i));
            for (long long example = 0; example < count; ++example) {
                const std::vector<double> got = result(i, example);
                for (std::size_t cell = 0; cell < cells; ++cell) {
                    const std::size_t at = static_cast<std::size_t>(example) * cells + cell;
                    found.add(at, got[cell], data_[i].cells[at]);
                }
            }
            const bool agrees = found.relative <= given_.tolerance;
            all = all && agrees;
            const std::string& name = ports_[i].source_name;
            std::printf("%s: output '%s', %lld example%s: largest difference %.3g, relative %.3g: "
                        "%s\n",
                        what.c_str(), printable(name).c_str(), count, count == 1 ? "" : "s",
                        found.largest, found.relative, agrees ? "agrees" : "DIFFERS");
            if (!agrees)
                std::printf("  cell %zu of example %zu is off by more than the tolerance of %g\n",
                            found.at % cells, found.at / cells, given_.tolerance);
        }
        return all;
    }

    arguments& given_;
    named_target machine_;
    long long count_ = 0;
    std::vector<port> ports_;
    std::vector<examples> data_;              ///< of the ports
    std::vector<std::ptrdiff_t> first_cells_; ///< of an output, among those of an example
    std::ptrdiff_t output_cells_ = 0;
};

} // namespace

void add_check(CLI::App& app, action& chosen) {
    const auto given = std::make_shared<arguments>();
    CLI::App& command = *app.add_subcommand(
        "check", "compile a model (by $CXX, or c++), run it and compare its outputs with files");
    given->model.add_to(command, false);
    command
        .add_option("--inputs", given->inputs,
                    "a file for each input, or NAME=FILE: .npy, .pb (a tensor of ONNX), or raw "
                    "float32 (of an int8 network its cells, int8); several examples may follow one "
                    "another")
        ->required();
    command.add_option("--outputs", given->outputs, "a file for each output, in the same way")
        ->required();
    command.add_option("--tolerance", given->tolerance,
                       "the most that |output - expected| / max(1, |expected|) may be (1e-4)");
    command.add_option("--target", given->target,
                       "scalar, sse2, avx2, avx512 or neon, and on int8 avx512_vnni (the best of "
                       "this machine)");
    command.add_option("--stored", given->stored, "store weights as float16 or bfloat16");
    command.add_option("--include", given->include, "the folder of the library's headers")
        ->envname("CTNN_INCLUDE");
    command.add_flag("--channels-last", given->channels_last,
                     "the files are in the network's order, not in the source's");
    command.add_flag("!--no-reference", given->reference,
                     "do not evaluate the layers' reference meanings too");
    command.callback([given, &chosen] { chosen = [given] { return comparison(*given).run(); }; });
}

} // namespace ctnn::tool
