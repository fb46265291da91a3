// SPDX-License-Identifier: BSL-1.0
// ctnn pack: weights in the layouts of a machine's kernels, as a file that is linked.
#include "command.hpp"
#include "compiler.hpp"
#include "files.hpp"
#include "progress.hpp"
#include "run_time_plan.hpp"
#include "targets.hpp"
#include "weights_text.hpp"

#include "../writer/identifier.hpp"

#include <cstdio>

namespace ctnn::tool {

namespace {

struct arguments {
    model_arguments model;
    std::string target;
    std::string stored;
    std::string file;
    data_place where{};
};

void check_place(const data_place& where) {
    const std::string problem = problem_of_name(where.symbol);
    if (!problem.empty()) throw command_error("--symbol '" + where.symbol + "'", problem);
    for (const char c : where.section)
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '.' && c != '_' && c != '-')
            throw command_error("--section '" + where.section + "'",
                                "letters, digits, '.', '_' and '-' alone name a section here");
    if (where.alignment < 64 || where.alignment > 4096 ||
        (where.alignment & (where.alignment - 1)) != 0)
        throw command_error("--align " + std::to_string(where.alignment),
                            "kernels need a power of two from 64 on, and 4096 is the most");
}

void write_packed(const std::filesystem::path& file, const std::vector<float>& packed,
                  const data_place& where) {
    const std::string suffix = file.extension().string();
    const std::string raw = weights_as_bytes(packed);
    if (suffix == ".c" || suffix == ".cpp") {
        write_file(file, weights_as_c(packed, where));
    } else if (suffix == ".s" || suffix == ".S") {
        write_file(file, weights_as_assembly(packed, where));
    } else if (suffix == ".f32" || suffix == ".bin") {
        write_file(file, raw);
    } else if (suffix == ".o" || suffix == ".obj") {
        staging into(file.parent_path());
        into.write("weights.f32", raw);
        into.write("weights.s", file_as_assembly("weights.f32", where));
        const std::string object = file.filename().string();
        compile(into.path(), {"-x", "assembler", "-c", "weights.s", "-o", object});
        into.keep({object});
    } else {
        throw command_error(file.string(),
                            "the name says what to write: .o an object, .s assembler source, .c C "
                            "source, .f32 the numbers alone");
    }
}

int run(arguments& given) {
    const named_target machine = read_target(given.target, given.stored, more_targets::reference);
    if (!given.where.symbol.empty()) check_place({given.where.symbol, "", 64});
    given.model.load();
    refuse_int8(given.model.source(), "'ctnn pack'",
                "ctnn_pack_weights and ctnn_add_model(... INT8) in CMake pack its weights");
    const written_network& network = given.model.network();
    data_place where = given.where;
    if (where.symbol.empty()) where.symbol = network.name() + "_weights";
    if (where.section.empty()) where.section = ".rodata." + where.symbol;
    check_place(where);
    progress::say(given.model.quiet(), "packing " + network.name());
    std::vector<float> packed = network.blob();
    if (!machine.machine.reference)
        packed = run_time_plan(network.graph(), machine.machine).pack(packed);
    write_packed(given.file, packed, where);
    progress::say(given.model.quiet(), "");
    if (given.model.quiet()) return good;
    std::printf("extern \"C\" const float %s[%zu]; // %s, for ", where.symbol.c_str(),
                packed.size(), printable(given.file).c_str());
    if (machine.machine.reference)
        std::printf("weights_span<%s::network>\n", network.name().c_str());
    else
        std::printf("packed_span<%s::network, %s>\n", network.name().c_str(),
                    machine.expression().c_str());
    return good;
}

} // namespace

void add_pack(CLI::App& app, action& chosen) {
    const auto given = std::make_shared<arguments>();
    CLI::App& command = *app.add_subcommand(
        "pack", "write a model's weights as the kernels of a machine read them");
    given->model.add_to(command, true);
    command.add_option("--target", given->target,
                       "scalar, sse2, avx2, avx512, neon (the best of this machine), or reference: "
                       "the blob of the network, unpacked");
    command.add_option("--stored", given->stored, "store weights as float16 or bfloat16");
    command.add_option("-o,--file", given->file, "FILE.o, FILE.s, FILE.c or FILE.f32")->required();
    command.add_option("--symbol", given->where.symbol, "the symbol (NAME_weights)");
    command.add_option("--section", given->where.section, "the section (.rodata.SYMBOL)");
    command.add_option("--align", given->where.alignment, "the alignment in bytes (64)");
    command.callback([given, &chosen] { chosen = [given] { return run(*given); }; });
}

} // namespace ctnn::tool
