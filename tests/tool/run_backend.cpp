// SPDX-License-Identifier: BSL-1.0
// Runs backend cases that were written as the command writes them and compiled:
// run_backend DIRECTORY. The result is 1 if one fails.
#include "compiled_case.hpp"
#include "tolerance.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <new>
#include <string>
#include <vector>

// Made by the build: all tables.
#include "groups.hpp"

namespace {

struct aligned_floats {
    explicit aligned_floats(long long count)
        : cells(static_cast<float*>(::operator new[](
              static_cast<std::size_t>(count + 1) * sizeof(float), std::align_val_t{64}))) {
        std::fill_n(cells, count + 1, 0.0F);
    }
    ~aligned_floats() { ::operator delete[](cells, std::align_val_t{64}); }
    aligned_floats(const aligned_floats&) = delete;
    aligned_floats& operator=(const aligned_floats&) = delete;
    float* cells;
};

std::vector<float> floats_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<float> numbers(static_cast<std::size_t>(file.tellg()) / sizeof(float));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(numbers.data()),
              static_cast<std::streamsize>(numbers.size() * sizeof(float)));
    if (!file) numbers.clear();
    return numbers;
}

/// What is wrong; empty if nothing is.
std::string run(const backend::compiled_case& subject, const std::string& directory) {
    const std::string stem = directory + "/" + subject.file;
    const ctnn::weights_result weights =
        ctnn::detail::read_weights(stem + ".safetensors", subject.weights());
    if (!weights) return weights.message();
    const aligned_floats packed(subject.network->packed_floats);
    const aligned_floats arena(subject.network->arena_floats);
    subject.network->pack(weights.weights.data(), packed.cells);
    const std::vector<float> cells = floats_of(stem + ".cells");
    std::size_t next = 0;
    do {
        std::vector<const float*> inputs;
        const auto take = [&](long long count) {
            const float* const begin = cells.data() + next;
            next += static_cast<std::size_t>(count);
            return next <= cells.size() ? begin : nullptr;
        };
        for (int i = 0; i < subject.input_count; ++i)
            if (inputs.push_back(take(subject.input_cells(i))); inputs.back() == nullptr)
                return "its cells are missing";
        std::vector<std::vector<float>> made;
        std::vector<float*> outputs;
        for (int i = 0; i < subject.output_count; ++i)
            made.emplace_back(static_cast<std::size_t>(subject.output_cells(i)));
        for (std::vector<float>& output : made) outputs.push_back(output.data());
        subject.network->run(packed.cells, inputs.data(), outputs.data(), arena.cells);
        for (const std::vector<float>& output : made) {
            const float* const expected = take(static_cast<long long>(output.size()));
            if (expected == nullptr) return "its cells are missing";
            const double off = backend::distance(
                {output.begin(), output.end()},
                {expected, expected + static_cast<std::ptrdiff_t>(output.size())});
            if (off > backend::tolerance) return "is off by " + std::to_string(off);
        }
    } while (next < cells.size());
    return {};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: run_backend DIRECTORY\n", stderr);
        return 2;
    }
    std::map<std::string, std::pair<int, int>> by_operator;
    std::pair<int, int> sum;
    for (const backend::compiled_case* group : groups)
        for (; group->file != nullptr; ++group) {
            const std::string problem = run(*group, arguments[1]);
            if (!problem.empty())
                std::printf("FAILED %s (%s): %s\n", group->name, group->file, problem.c_str());
            for (std::pair<int, int>* to : {&by_operator[group->main_operator], &sum})
                ++(problem.empty() ? to->first : to->second);
        }
    std::printf("%-28s %6s %6s\n", "operator, compiled", "passed", "failed");
    for (const auto& [name, found] : by_operator)
        std::printf("%-28s %6d %6d\n", name.c_str(), found.first, found.second);
    std::printf("%-28s %6d %6d\n", "all", sum.first, sum.second);
    return sum.second > 0 || sum.first == 0 ? 1 : 0;
}
