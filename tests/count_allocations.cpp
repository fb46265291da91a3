// SPDX-License-Identifier: BSL-1.0
// Replaces operator new by one that counts.
#include "count_allocations.hpp"

#include <cstdlib>
#include <new>

namespace {
long count = 0;
} // namespace

long allocations() noexcept { return count; }

void* operator new(std::size_t size) {
    ++count;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++count;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
