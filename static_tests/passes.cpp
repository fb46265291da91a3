// SPDX-License-Identifier: BSL-1.0
// What passes draw together, what they leave alone, and which kernels are chosen.
#include <ctnn/ctnn.hpp>

namespace {

using namespace ctnn;

template <class... Layers>
constexpr const auto& plan = plan_of<network<input<8, 8, 16>, Layers...>, targets::avx512>::value;
template <class... Layers> constexpr int steps = plan<Layers...>.step_count;
template <class... Layers> constexpr step first = plan<Layers...>.steps[0];
template <class... Layers>
constexpr kernel_kind kernel = plan<Layers...>.kernels[first<Layers...>.call].choice.key.kind;

// A norm goes into the weights before it, a clamp into what is before it.
static_assert(steps<conv2d<16, 3>, batch_norm<>, relu> == 1);
static_assert(first<conv2d<16, 3>, batch_norm<>, relu6>.norm == 2);
static_assert(first<conv2d<16, 3>, batch_norm<>, relu6>.high == 6);
static_assert(steps<dense<4, relu>> == 1);
static_assert(steps<max_pool2d<2>, relu> == 1);
static_assert(steps<depthwise_conv2d<3>, batch_norm<>, relu> == 1);

// Not a norm after an activation, along another axis, or of a tensor that is read twice.
static_assert(steps<conv2d<16, 3, silu>, batch_norm<>> == 3);
static_assert(steps<conv2d<16, 3>, batch_norm<axis<0>>> == 2);
static_assert(steps<conv2d<16, 3, same>, save<"x">, batch_norm<>, add_with<"x">> == 3);

// Nor a clamp of what is an output, or of a sum that a concatenation reads too.
static_assert(steps<conv2d<16, 3>, output<"linear">, relu, output<"positive">> == 2);

// Zeros around a map go into the padding of the convolution that reads them, same padding or not.
template <class... Layers>
constexpr geometry padded = plan<Layers...>.kernels[first<Layers...>.call].numbers;
static_assert(steps<zero_padding2d<0, 1, 0, 1>, depthwise_conv2d<3, stride<2>>> == 1);
static_assert(padded<zero_padding2d<0, 1, 0, 1>, depthwise_conv2d<3, stride<2>>>.in[1] == 8);
static_assert(padded<zero_padding2d<0, 1, 0, 1>, depthwise_conv2d<3, stride<2>>>.before[1] == 0);
static_assert(padded<zero_padding2d<1>, conv2d<16, 5, same, stride<2>>>.before[2] == 1 + 1);
static_assert(padded<zero_padding2d<1>, conv2d<16, 5, same, stride<2>>>.out[2] == 5);
// Not where they are read twice, where a window would see nothing else, or where cells are cut off.
static_assert(steps<zero_padding2d<1>, save<"x">, conv2d<16, 3, same>, add_with<"x">> == 2);
static_assert(steps<zero_padding2d<3>, conv2d<16, 3>> == 2);
static_assert(steps<cropping2d<1>, conv2d<16, 3>> == 2);
static_assert(steps<zero_padding2d<1>, max_pool2d<3>> == 2);

// The sum of a residual goes into its last convolution, and the clamp behind it as well.
using block_of_two = residual<conv2d<16, 3, same>, relu, conv2d<16, 3, same>, batch_norm<>>;
static_assert(steps<block_of_two, relu> == 2);
static_assert(plan<block_of_two, relu>.steps[1].added == 0);
// A depthwise kernel adds nothing.
static_assert(steps<residual<depthwise_conv2d<3, same>>> == 2);

// Merges of many tensors take a step for each that comes in.
static_assert(steps<add<branch<>, branch<silu>, branch<gelu>>> == 4);
static_assert(steps<concat<branch<>, branch<silu>>> == 3);

// A pool whose windows lie side by side goes into a convolution whose kernel makes it too.
template <class... Layers>
constexpr const auto& image = plan_of<network<input<28, 28, 1>, Layers...>, targets::avx512>::value;
using first_layer = conv2d<6, 5, same, relu>;
static_assert(image<first_layer, max_pool2d<2>>.step_count == 1);
static_assert(image<first_layer, max_pool2d<2>>.steps[0].pool == 2);
static_assert(image<first_layer, max_pool2d<2>>.kernels[0].choice.key.kind ==
              kernel_kind::conv_planar);
static_assert(image<first_layer, avg_pool2d<2>>.step_count == 1);
static_assert(image<first_layer, max_pool2d<2>, conv2d<16, 5, relu>, max_pool2d<2>>.step_count ==
              2);
// Not one that reads a cell twice, adds padding or is not all that reads.
static_assert(image<first_layer, max_pool2d<3, stride<2>>>.step_count == 2);
static_assert(image<first_layer, max_pool2d<2, padding<1>>>.step_count == 2);
static_assert(image<first_layer, output<"map">, max_pool2d<2>, output<"small">>.step_count == 2);
static_assert(
    image<first_layer, save<"x">, max_pool2d<2>, up_sampling2d<2>, add_with<"x">>.steps[0].pool ==
    -1);
// Nor after a curve, where it is not the sums that are pooled.
static_assert(image<conv2d<6, 5, same, silu>, max_pool2d<2>>.steps[0].pool == -1);

// Kernels by family and shape; what none knows stays with its plain meaning.
static_assert(kernel<conv2d<16, 3, same>> == kernel_kind::winograd);
static_assert(kernel<conv2d<16, 3, same, stride<2>>> == kernel_kind::conv_direct);
static_assert(kernel<conv2d<16, 1>> == kernel_kind::conv_direct);
static_assert(kernel<conv2d<8, 3>> == kernel_kind::conv_few);
static_assert(kernel<global_avg_pool2d<>> == kernel_kind::global_pool);
// So is a window as large as the map, unless it reads cells around it or divides by another number.
static_assert(kernel<avg_pool2d<8>> == kernel_kind::global_pool);
static_assert(kernel<avg_pool2d<8, divisor<64>>> == kernel_kind::global_pool);
static_assert(kernel<avg_pool2d<8, divisor<1>>> == kernel_kind::pool);
static_assert(kernel<max_pool2d<8, stride<9>, padding<1>>> == kernel_kind::pool);
static_assert(kernel<avg_pool2d<8, stride<9>, padding<1>, count_padding>> == kernel_kind::pool);
static_assert(kernel<softmax> == kernel_kind::softmax);
static_assert(kernel<zero_padding2d<1>> == kernel_kind::copy);

// Some layers are done in stages, with a tensor between them.
static_assert(steps<separable_conv2d<16, 3, relu>> == 2);
static_assert(kernel<separable_conv2d<16, 3>> == kernel_kind::depthwise);
static_assert(kernel<separable_conv2d<16, 3, depth_multiplier<2>>> ==
              kernel_kind::depthwise_multiple);
static_assert(plan<separable_conv2d<16, 3>, batch_norm<>, relu>.steps[1].norm == 2);
static_assert(kernel<conv2d<16, 3, padding<1>, reflect>> == kernel_kind::copy);
static_assert(steps<separable_conv2d<16, 3, padding<1>, circular>> == 3);
static_assert(plan<separable_conv2d<16, 3>>.arena_bytes == 6 * 6 * 16 * 4);
static_assert(kernel<conv2d_transpose<16, 3, stride<2>>> == kernel_kind::transposed);
static_assert(steps<conv2d_transpose<16, 2, stride<2>>, batch_norm<>, relu> == 1);
static_assert(first<softmax_over<axis<0>>>.call == -1);

// Winograd's convolution has a budget, and none at all if its user says so.
constexpr target exact = [] {
    target machine = targets::avx512;
    machine.winograd_bytes = 0;
    return machine;
}();
template <class Network, target Machine = targets::avx512>
constexpr kernel_kind only_kernel = plan_of<Network, Machine>::value.kernels[0].choice.key.kind;
using wide = network<input<8, 8, 16>, conv2d<16, 3, same>>;
static_assert(only_kernel<wide> == kernel_kind::winograd);
static_assert(only_kernel<wide, exact> == kernel_kind::conv_direct);
using few = network<input<26, 26, 40>, conv2d<8, 3>>;
static_assert(only_kernel<few> == kernel_kind::winograd_few);
static_assert(only_kernel<few, targets::avx2> == kernel_kind::winograd_few);
static_assert(only_kernel<few, exact> == kernel_kind::conv_few);

// Its inputs are transformed by strips where tiles meet the border, or channels do not fill a
// vector.
template <class Network>
constexpr bool has_strips = plan_of<Network, targets::avx512>::value.kernels[0].choice.key.left > 0;
static_assert(!has_strips<few>);
static_assert(!has_strips<network<input<10, 10, 16>, conv2d<16, 3>>>);
static_assert(has_strips<network<input<11, 10, 16>, conv2d<16, 3>>>);
static_assert(has_strips<wide>);
static_assert(has_strips<network<input<14, 14, 6>, conv2d<16, 5>>>);
// Many tiles at once would need much room between their transforms.
static_assert(plan_of<few, targets::avx512>::value.kernels[0].choice.scratch_floats <= 24 * 1024);

// Nor where its transforms cost more than it saves: from one channel, to few tiles.
static_assert(only_kernel<network<input<28, 28, 1>, conv2d<40, 3>>> == kernel_kind::conv_direct);
static_assert(only_kernel<network<input<8, 8, 16>, conv2d<8, 3>>> == kernel_kind::conv_few);

// Many weights have to pay for their way from memory: large tiles, small ones, none.
template <int Size, int Channels>
using square = network<input<Size, Size, Channels>, conv2d<Channels, 3, same>>;
template <class Network>
constexpr int cells_of_tile = plan_of<Network, targets::avx512>::value.kernels[0].choice.key.rows;
static_assert(only_kernel<square<28, 128>> == kernel_kind::winograd);
static_assert(cells_of_tile<square<28, 128>> == 6);
static_assert(only_kernel<square<14, 256>> == kernel_kind::winograd);
static_assert(cells_of_tile<square<14, 256>> == 4);
static_assert(cells_of_tile<square<8, 64>> == 4);
static_assert(only_kernel<square<7, 512>> == kernel_kind::conv_direct);

// Where very many convolutions differ in their channels, those with the least to do share their
// code.
template <int... Extra> constexpr int shared_kernels(detail::numbers<Extra...>) {
    constexpr auto& planned = plan<conv2d<17 + Extra, ctnn::kernel<1, 3>, same>...>;
    int count = 0;
    for (int i = 0; i < planned.kernel_count; ++i) {
        const kernel_key& key = planned.kernels[i].choice.key;
        if (key.kind == kernel_kind::conv_direct && key.step == 0) ++count;
    }
    return count;
}
static_assert(shared_kernels(detail::count_to<10>{}) == 0);
static_assert(shared_kernels(detail::count_to<60>{}) > 0);
static_assert(plan<conv2d<17, 3, same>, conv2d<18, 3, same>>.kernels[1].choice.key.step == 17);

// Steps run together, some rows at a time, where the map between them is larger than a bound and
// little is computed with each of its numbers.
constexpr target frugal = [] {
    target machine = targets::avx512;
    machine.band_bytes = 4 * 1024;
    return machine;
}();
template <class... Layers>
constexpr const auto& banded = plan_of<network<input<16, 16, 8>, Layers...>, frugal>::value;
using expand_and_project =
    residual<conv2d<48, 1, relu6>, depthwise_conv2d<3, same, relu6>, conv2d<8, 1>>;
constexpr const auto& inverted = banded<expand_and_project>;
static_assert(inverted.step_count == 3);
static_assert(inverted.steps[0].band_first == 0 && inverted.steps[0].band_last == 2);
// One row at a time: three rows under the window, one for the projection.
static_assert(inverted.steps[0].band_rows == 3 && inverted.steps[1].band_rows == 1);
static_assert(inverted.steps[2].band_rows == 1);
static_assert(inverted.kernels[inverted.steps[1].call].numbers.ring == 3);
static_assert(inverted.kernels[inverted.steps[2].call].numbers.ring == 1);
static_assert(inverted.arena_bytes == 4 * 16 * 48 * 4);
static_assert(plan_of<network<input<16, 16, 8>, expand_and_project>, targets::avx512>::value
                  .arena_bytes == 2 * 16 * 16 * 48 * 4);
// As many as a window needs; more at a time if that keeps to the bound.
using halve = sequence<conv2d<40, 1>, depthwise_conv2d<5, same, stride<2>>, conv2d<4, 1>>;
static_assert(banded<halve>.steps[0].band_rows == 5 && banded<halve>.steps[1].band_rows == 1);
static_assert(banded<depthwise_conv2d<3>, conv2d<8, 1>>.steps[1].band_rows == 7);
// A window may read a whole map, but of what is kept only a depthwise one does.
constexpr int not_joined = -1;
template <class... Layers> constexpr int joined = banded<Layers...>.steps[0].band_first;
static_assert(joined<conv2d<6, 5, same>, conv2d<6, 1>> == 0);
static_assert(joined<conv2d<6, 1>, conv2d<6, 3>> == not_joined);
// Not what is small, read twice or an output.
static_assert(plan<conv2d<48, 1>, depthwise_conv2d<3>>.steps[0].band_first == not_joined);
static_assert(joined<conv2d<48, 1>, save<"x">, depthwise_conv2d<3, same>, add_with<"x">> ==
              not_joined);
static_assert(joined<conv2d<48, 1>, output<"wide">, depthwise_conv2d<3>, output<"narrow">> ==
              not_joined);
// Nor where much is computed with each number, or where it would take more memory.
static_assert(joined<conv2d<64, 1>, conv2d<64, 1>> == 0);
static_assert(joined<conv2d<64, 3, same>, conv2d<65, 1>> == not_joined);
static_assert(banded<silu, conv2d<16, 1>, depthwise_conv2d<3, same>, conv2d<16, 1>, silu,
                     conv2d<16, 1>>.steps[1].band_first == 1);
// What is added may lie where the output does if all of the run has read it before.
using from_arena = sequence<conv2d<24, 1>, silu>;
template <class Block>
constexpr long long memory = banded<from_arena, Block, silu, flatten, dense<2>>.arena_bytes;
using wide_block = residual<conv2d<96, 1>, depthwise_conv2d<3, same>, conv2d<24, 1>>;
using flat_block = residual<depthwise_conv2d<3, same>, conv2d<24, 1>>;
static_assert(memory<wide_block> == (16 * 16 * 24 + 4 * 16 * 96) * 4);
static_assert(memory<flat_block> == 2 * 16 * 16 * 24 * 4);

// Weights of 16 bits take half of the room, where kernels read them; others keep float32.
template <class... Layers>
constexpr const auto& halved = plan_of<network<input<8, 8, 16>, Layers...>,
                                       with_weights(targets::avx512, dtype::float16)>::value;
template <class... Layers> constexpr dtype stored = halved<Layers...>.kernels[0].choice.key.weights;
static_assert(with_weights(targets::avx2, dtype::bfloat16).weights == dtype::bfloat16);
static_assert(stored<flatten, dense<64>> == dtype::float16);
static_assert(stored<flatten, dense<3>> == dtype::float16);
static_assert(stored<dense<64>> == dtype::float16); // by a convolution
static_assert(stored<conv2d<32, 3, stride<2>>> == dtype::float16);
static_assert(stored<conv2d<32, 1>> == dtype::float16);
static_assert(stored<conv2d<8, 3>> == dtype::float32);        // to few channels
static_assert(stored<conv2d<16, 3, same>> == dtype::float32); // Winograd's
static_assert(stored<depthwise_conv2d<3>> == dtype::float32);
static_assert(plan<flatten, dense<64>>.packed_floats == 64 + 1024 * 64);
static_assert(halved<flatten, dense<64>>.packed_floats == 2 * 64 + 1024 * 64 / 2);
static_assert(plan<conv2d<32, 1>>.packed_floats == 32 + 16 * 32);
static_assert(halved<conv2d<32, 1>>.packed_floats == 2 * 32 + 16 * 32 / 2);

// The plan's text names them.
using told = network<input<64>, dense<64>, dense<32, softmax>>;
constexpr bool tells(text whole, text part) noexcept {
    for (int i = 0; i + part.size <= whole.size; ++i)
        if (text(whole.data + i, part.size) == part) return true;
    return false;
}
constexpr auto plain_text = explain<told, targets::avx512>();
constexpr auto brain_text = explain<told, with_weights(targets::avx512, dtype::bfloat16)>();
static_assert(!tells(plain_text, "float16"));
static_assert(tells(brain_text, "dense, bfloat16 weights"));

// The reference target runs every layer by itself, and packs nothing.
using normed = network<input<8, 8, 16>, conv2d<16, 3>, batch_norm<>, relu>;
static_assert(plan_of<normed>::value.step_count == 3);
static_assert(plan_of<normed>::value.packed_floats == 0);

} // namespace
