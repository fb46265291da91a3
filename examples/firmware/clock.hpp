// SPDX-License-Identifier: BSL-1.0
// Instructions by SysTick, on an emulator whose time is the number of instructions (QEMU's -icount);
// on hardware they are cycles of a loop that is known.
#pragma once

namespace firmware {

class counter {
public:
    /// Starts SysTick and sees how many ticks a loop of two instructions takes.
    counter() noexcept {
        at(0x14) = longest;
        at(0x18) = 0;
        at(0x10) = 5; // by the processor's clock, without interrupts
        const unsigned begin = now();
        unsigned left = known / 2;
        asm volatile("1:\nsubs %0, %0, #1\nbne 1b" : "+r"(left) : : "cc");
        ticks_ = passed(begin, now());
    }
    static unsigned now() noexcept { return at(0x18); }

    unsigned long long instructions(unsigned begin, unsigned end) const noexcept {
        return 1ULL * passed(begin, end) * known / ticks_;
    }

private:
    static constexpr unsigned known = 4'000'000;
    static constexpr unsigned longest = 0xff'ffff;
    static volatile unsigned& at(unsigned place) noexcept {
        return *reinterpret_cast<volatile unsigned*>(0xe000'e000 + place);
    }
    /// It counts down.
    static unsigned passed(unsigned begin, unsigned end) noexcept {
        return (begin - end) & longest;
    }
    unsigned ticks_;
};

} // namespace firmware
