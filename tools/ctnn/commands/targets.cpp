// SPDX-License-Identifier: BSL-1.0
#include "targets.hpp"

#include "command.hpp"

#include <ctnn/kernels/machine/cpu.hpp>

namespace ctnn::tool {

namespace {

struct known_target {
    const char* name;
    target machine;
    std::vector<std::string> flags;
};

const std::vector<known_target>& known() {
    static const std::vector<known_target> all{
        {"scalar", targets::scalar, {}},
        {"sse2", targets::sse2, {"-march=x86-64"}},
        {"avx2", targets::avx2, {"-march=x86-64-v3"}},
        {"avx512", targets::avx512, {"-march=x86-64-v4", "-mprefer-vector-width=512"}},
        {"neon", targets::neon, {}}};
    return all;
}

const known_target vnni{"avx512_vnni",
                        targets::avx512_vnni,
                        {"-march=x86-64-v4", "-mavx512vnni", "-mprefer-vector-width=512"}};

} // namespace

std::string named_target::expression() const {
    const std::string plain = "ctnn::targets::" + name;
    return stored.empty() ? plain
                          : "ctnn::with_weights(" + plain + ", ctnn::dtype::" + stored + ")";
}

std::vector<std::string> compiler_flags(const std::string& target) {
    for (const known_target& each : known())
        if (target == each.name) return each.flags;
    return target == vnni.name ? vnni.flags : std::vector<std::string>{};
}

std::string native_target() {
    for (const known_target& each : known())
        if (each.machine.instructions == best_instructions()) return each.name;
    return "scalar";
}

std::vector<std::string> all_targets() {
#if defined(__x86_64__)
    return {"avx512", "avx2", "sse2"};
#else
    return {native_target()};
#endif
}

named_target read_target(const std::string& name, const std::string& stored, more_targets more) {
    const bool own = name.empty() || name == "native";
    if (more == more_targets::reference && name == "reference")
        return {name, targets::reference, ""};
    if (more == more_targets::int8 && (own ? has_avx512_vnni() : name == vnni.name))
        return {vnni.name, vnni.machine, ""};
    const std::string wanted = own ? native_target() : name;
    std::string names;
    for (const known_target& each : known()) {
        names += std::string(names.empty() ? "" : ", ") + each.name;
        if (wanted != each.name) continue;
        if (stored.empty() || stored == "float32") return {wanted, each.machine, ""};
        if (stored == "float16")
            return {wanted, with_weights(each.machine, dtype::float16), stored};
        if (stored == "bfloat16")
            return {wanted, with_weights(each.machine, dtype::bfloat16), stored};
        throw command_error("--stored '" + stored + "'",
                            "is unknown; weights are stored as float32, float16 or bfloat16");
    }
    throw command_error("--target '" + name + "'",
                        "is unknown; there are " + names + ", and native for this machine" +
                            (more == more_targets::reference
                                 ? ", and reference for the blob of a network"
                             : more == more_targets::int8 ? ", and avx512_vnni"
                                                          : ""));
}

} // namespace ctnn::tool
