// SPDX-License-Identifier: BSL-1.0
// Networks whose biases are so large that many channels hold one number: what they give does not
// change to the bit when these channels go.
#include "../../tools/ctnn/model/constant_channels.hpp"
#include "../../tools/ctnn/model/int8.hpp"
#include "../../tools/ctnn/model/tidy.hpp"
#include "../catch.hpp"

#include <algorithm>
#include <random>

namespace {

using namespace ctnn;

class int8_builder {
public:
    explicit int8_builder(unsigned seed) : random_(seed) {}

    int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

    void input(const shape& extent) {
        last_ = made.add_input("map", extent);
        set_numbers({0.05F, whole(-128, 127)});
    }

    /// A layer of some descriptor; every `saturated`th filter has a bias that no sum outweighs.
    void add(descriptor what, int saturated = 0) {
        tool::layer next;
        next.what = what;
        next.inputs = {last_};
        const outcome known = made.outcome_of(next);
        REQUIRE(!known.problem);
        for (int i = 0; i < known.weight_count; ++i)
            next.weights.emplace_back(static_cast<std::size_t>(known.weights[i].extent.elements()));
        const quantization read = made.layers[static_cast<std::size_t>(last_)].on_int8->made;
        last_ = made.add(next);
        tool::layer& added = made.layers.back();
        if (known.weight_count == 0) return set_numbers(read);
        set_numbers({0.05F, what.options.has_activation ? -128 : whole(-128, 127)});
        const auto filters = static_cast<std::size_t>(added.output.extent.channels());
        tool::int8_facts& facts = *added.on_int8;
        for (std::size_t i = 0; i < added.weights[0].size(); ++i)
            facts.kernel.push_back(static_cast<signed char>(whole(-127, 127)));
        for (std::size_t f = 0; f < filters; ++f) {
            facts.kernel_scales.push_back(0.0005F * static_cast<float>(whole(1, 20)));
            const bool fills = saturated > 0 && whole(1, saturated) == 1;
            const int sign = whole(0, 1) == 0 ? 1 : -1;
            if (known.weight_count > 1)
                facts.bias.push_back(fills ? sign * whole(10'000'000, 20'000'000)
                                           : whole(-20'000, 20'000));
        }
    }

    void give() { made.outputs.push_back({"scores", last_, {}}); }

    tool::model made;

private:
    void set_numbers(const quantization& numbers) {
        made.layers.back().on_int8 = tool::int8_facts{numbers};
    }

    std::mt19937 random_;
    int last_ = -1;
};

descriptor conv(tool::model& owner, int filters, int extent, bool same, bool bias) {
    descriptor what = conv2d<1, 1>::info;
    what.options.filters = {filters};
    what.options.spatial.extent[0] = what.options.spatial.extent[1] = extent;
    if (same) what.options.spatial.padding = padding_rule::same;
    what.options.bias = bias;
    tool::set_activation(owner, what, relu::info);
    return what;
}

descriptor depthwise(tool::model& owner, int multiplier, bool same) {
    descriptor what = depthwise_conv2d<3>::info;
    what.options.depth_multiplier = multiplier;
    if (same) what.options.spatial.padding = padding_rule::same;
    tool::set_activation(owner, what, relu::info);
    return what;
}

void build(int8_builder& by) {
    by.input({9, 9, 3});
    by.add(conv(by.made, by.whole(6, 15), 3, by.whole(0, 1) == 1, true), 2);
    by.add(depthwise(by.made, by.whole(1, 2), by.whole(0, 1) == 1), 3);
    by.add(conv(by.made, by.whole(6, 15), 1, false, by.whole(0, 3) > 0), 2);
    by.add(depthwise(by.made, 1, true), 3);
    by.add(conv(by.made, by.whole(6, 15), by.whole(1, 3), by.whole(0, 1) == 1, true), 2);
    by.add(by.whole(0, 1) == 0 ? avg_pool2d<2>::info : max_pool2d<2>::info);
    by.add(flatten::info);
    descriptor last = dense<1>::info;
    last.options.filters = {4};
    by.add(last);
    by.give();
}

long long channels(const tool::model& subject) {
    long long sum = 0;
    for (const tool::layer& each : subject.layers) sum += each.output.extent.channels();
    return sum;
}

TEST_CASE("channels that no input changes go, and nothing else changes") {
    int went = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
        int8_builder whole(seed);
        build(whole);
        int8_builder folded(seed);
        build(folded);
        tool::fold_constant_channels(folded.made);
        if (channels(folded.made) < channels(whole.made)) ++went;
        for (const tool::layer& each : folded.made.layers) {
            const outcome known = folded.made.outcome_of(each);
            if (each.inputs.empty()) continue;
            REQUIRE(!known.problem);
            CHECK(known.output.extent == each.output.extent);
            for (std::size_t i = 0; i < each.weights.size(); ++i)
                CHECK(known.weights[i].extent.elements() ==
                      static_cast<long long>(each.weights[i].size()));
        }
        for (int image = 0; image < 12; ++image) {
            std::vector<signed char> cells(9 * 9 * 3);
            for (signed char& cell : cells) {
                const int kind = image % 4;
                cell = static_cast<signed char>(kind == 0   ? -128
                                                : kind == 1 ? 127
                                                            : whole.whole(-128, 127));
            }
            CHECK(tool::evaluate_int8(whole.made, {cells}) ==
                  tool::evaluate_int8(folded.made, {cells}));
        }
    }
    CHECK(went > 50);
}

TEST_CASE("channels stay by fours, as kernels take them") {
    int8_builder by(3);
    by.input({4, 4, 2});
    by.add(conv(by.made, 11, 1, false, true), 1); // all of them are constant
    by.add(conv(by.made, 4, 1, false, true));
    by.give();
    tool::fold_constant_channels(by.made);
    CHECK(by.made.layers[1].output.extent == shape{4, 4, 4});
    REQUIRE(by.made.notes.size() == 1);
    CHECK(by.made.notes[0] == "layer 1: 7 of 11 channels are the same for every input, or are not "
                              "read: folded");
}

TEST_CASE("what is an output, or goes into a sum, stays") {
    int8_builder by(1);
    by.input({4, 4, 2});
    by.add(conv(by.made, 6, 3, true, true), 1);
    by.give();
    tool::fold_constant_channels(by.made);
    CHECK(by.made.layers[1].output.extent == shape{4, 4, 6});
    CHECK(by.made.notes.empty());
}

} // namespace
