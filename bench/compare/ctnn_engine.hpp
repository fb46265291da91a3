// SPDX-License-Identifier: BSL-1.0
// ctnn as one of the engines. The only file that sees the network's type.
#pragma once

#include "subject.hpp"

#include <algorithm>

namespace compare {

template <class Network, class Cell, ctnn::target Machine> class ctnn_engine final : public engine {
public:
    explicit ctnn_engine(const std::vector<float>& weights)
        : weights_(weights), image_(std::size_t{Network::input.elements()}),
          output_(std::size_t{Network::output.elements()}),
          model_(std::make_unique<ctnn::model<Network, Cell, Machine>>(
              ctnn::weights_span<Network>{weights_.data()})) {}

    void set_input(const std::vector<float>& image) override {
        std::copy(image.begin(), image.end(), image_.begin());
    }
    void run() override {
        model_->run(ctnn::input_span<Network, Cell>{image_.data()},
                    ctnn::output_span<Network, Cell>{output_.data()});
    }
    void get_output(std::vector<float>& output) const override {
        std::transform(output_.begin(), output_.end(), output.begin(),
                       [](Cell cell) { return static_cast<float>(cell); });
    }

private:
    std::vector<float> weights_;
    std::vector<Cell> image_;
    std::vector<Cell> output_;
    std::unique_ptr<ctnn::model<Network, Cell, Machine>> model_;
};

template <class Network, class Cell, ctnn::target Machine>
std::unique_ptr<engine> make_ctnn_engine(const subject&, const std::vector<float>& weights) {
    return std::make_unique<ctnn_engine<Network, Cell, Machine>>(weights);
}

template <ctnn::dtype Weights>
constexpr ctnn::target stored_as = ctnn::with_weights(ctnn::this_machine, Weights);

template <class Network> subject subject_of(const char* name) {
    static_assert(Network::input_count == 1 && Network::output_count == 1,
                  "one input and one output are compared");
    return {name,
            Network::graph(),
            Network::input,
            Network::output,
            Network::parameters,
            Network::macs,
            make_ctnn_engine<Network, float, ctnn::this_machine>,
            make_ctnn_engine<Network, float, stored_as<ctnn::dtype::float16>>,
            make_ctnn_engine<Network, float, stored_as<ctnn::dtype::bfloat16>>,
            make_ctnn_engine<Network, double, ctnn::targets::reference>};
}

} // namespace compare
