// SPDX-License-Identifier: BSL-1.0
// Bounds how much code a network is compiled to: where convolutions have very many different
// numbers of channels, those with the least to do share code that reads theirs at run time.
#pragma once

#include <ctnn/kernels/conv_direct.hpp>
#include <ctnn/plan/step.hpp>

namespace ctnn {

/// As many tiles of direct convolutions are compiled for the channels of their own layers.
inline constexpr int most_own_tiles = 64;

namespace detail {

/// A key that is used, and what all steps that use it have to do.
struct key_use {
    kernel_key key;
    long long macs = 0;
    bool shared = false;
};

} // namespace detail

/// `calls[step.call].choice` is the choice of a step.
template <int Kernels, int Steps, class Call>
constexpr void share_kernels(Call* calls, const step_list<Steps>& list,
                             const graph_view& graph) noexcept {
    detail::key_use uses[Kernels + 1]{};
    int use_of[Kernels + 1]{}; // of a call; -1: it has no tiles of its own
    int count = 0;
    int tiles = 0;
    for (int i = 0; i < list.count; ++i) {
        const int call = list.steps[i].call;
        if (call < 0) continue;
        use_of[call] = -1;
        const kernel_key& key = calls[call].choice.key;
        if (key.kind != kernel_kind::conv_direct || key.step == 0) continue;
        int use = 0;
        while (use < count && !(uses[use].key.step == key.step && uses[use].key == key)) ++use;
        if (use == count) {
            uses[count++].key = key;
            tiles += conv_tile_count(key);
        }
        uses[use].macs += graph.at(list.steps[i].node).macs;
        use_of[call] = use;
    }
    while (tiles > most_own_tiles) {
        int least = -1;
        for (int use = 0; use < count; ++use)
            if (!uses[use].shared && (least < 0 || uses[use].macs < uses[least].macs)) least = use;
        uses[least].shared = true;
        tiles -= conv_tile_count(uses[least].key);
    }
    for (int i = 0; i < list.count; ++i) {
        const int call = list.steps[i].call;
        if (call >= 0 && use_of[call] >= 0 && uses[use_of[call]].shared)
            calls[call].choice.key.step = 0;
    }
}

} // namespace ctnn
