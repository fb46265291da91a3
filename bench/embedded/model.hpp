// SPDX-License-Identifier: BSL-1.0
// One network of the table, between what measures it and its own file.
#pragma once

struct measured_network {
    void* input;
    int input_bytes;
    bool floats;
    long long arena_bytes;
    long long weight_bytes;
};

extern "C" {
/// Runs the network once on its input.
void infer() noexcept;
const measured_network& measured() noexcept;
}
