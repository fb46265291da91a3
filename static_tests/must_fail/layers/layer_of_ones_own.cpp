// SPDX-License-Identifier: BSL-1.0
// A layer of one's own checks what it reads, with a sentence of its own.
//
// title: A mistake found by a layer of your own
// fault: odd_channels
// expect: at<1, fixed_string<15>{"halve_channels"}, halve_channels>, receives<26, 26, 7>
// expect: after<0, fixed_string<7>{"conv2d"}, conv2d<7, 3>>
// expect: a pair of channels makes one
// fix: Give the convolution an even number of filters.
#include <ctnn/ctnn.hpp>
using namespace ctnn;

inline constexpr fault_kind odd_channels{"odd_channels"};
template <class... Facts>
__attribute__((unavailable("a pair of channels makes one, so there must be an even number")))
constexpr bool ctnn::mistake<&odd_channels, Facts...> = reported;

constexpr outcome halve_rule(const rule_call& call) noexcept {
    outcome result;
    result.output = call.inputs[0];
    const int channels = call.input().channels();
    if (channels % 2 != 0) result.fail(fault{odd_channels, fact{role::receives, call.input()}});
    result.output.extent.extents[call.input().rank - 1] = channels / 2;
    return result;
}
struct halve_channels {
    static constexpr descriptor info{.kind = "halve_channels", .rule = halve_rule};
};

#ifdef RIGHT
using net = network<input<28, 28, 1>, conv2d<8, 3>, halve_channels, flatten, dense<10>>;
#else
using net = network<input<28, 28, 1>, conv2d<7, 3>, halve_channels, flatten, dense<10>>;
#endif
static_assert(net::output == shape{10});
