// SPDX-License-Identifier: BSL-1.0
// Trained weights from a file that another program wrote, in a network that reads real images.
#include "catch.hpp"

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <ctnn/ctnn.hpp>
#include <ctnn/safetensors.hpp>

namespace {

using namespace ctnn;
using digits =
    network<input<28, 28, 1>, conv2d<40, 3, relu>, conv2d<8, 3, relu>, flatten, dense<10, softmax>>;
constexpr std::size_t cells = 28 * 28;

// The first five images' softmax, by NumPy in float64 from the weights in the file.
constexpr double expected[5][10] = {
    {0.0137983556, 0.00193265455, 0.0148096578, 0.00471393617, 0.0358233128, 0.000635730442,
     0.0043913533, 0.874250691, 0.00935417997, 0.0402901287},
    {0.00791532029, 0.0111605497, 0.029580688, 0.0022132602, 0.00771361927, 0.00468835267,
     0.922276764, 0.000693520453, 0.0136867776, 7.11474164e-05},
    {0.00183972119, 0.00519847067, 0.00238176745, 0.954345008, 0.00216674872, 0.00663367525,
     0.00140236108, 0.0014345262, 0.000489841488, 0.0241078795},
    {0.00880443396, 0.000750787713, 0.00852536076, 0.0177643444, 0.000879057275, 0.000749948531,
     0.00165728962, 0.9581523, 0.00200792315, 0.000708555018},
    {0.005035538, 0.000192909505, 0.00484765391, 0.00149549518, 0.00181654482, 0.00763920379,
     4.55727215e-05, 0.961020587, 0.00350658527, 0.0143999101},
};

std::string bytes_of(const char* name) {
    std::ifstream stream{std::string{CTNN_SOURCE_DIR "/examples/digits/"} + name, std::ios::binary};
    REQUIRE(stream.is_open());
    return {std::istreambuf_iterator<char>{stream}, {}};
}

} // namespace

TEST_CASE("trained digits are read as NumPy reads them, and 359 of 360 are right",
          "[safetensors]") {
    const weights_result file =
        read_safetensors<digits>(CTNN_SOURCE_DIR "/examples/digits/digits.safetensors");
    REQUIRE(file.errors == std::vector<std::string>{});
    const std::string images = bytes_of("held_back_images.idx3-ubyte"); // a header of 16 bytes
    const std::string labels = bytes_of("held_back_labels.idx1-ubyte"); // of 8
    REQUIRE(images.size() == 16 + 360 * cells);
    REQUIRE(labels.size() == 8 + 360);

    const auto reader = std::make_unique<model<digits>>(weights_span<digits>{file.weights.data()});
    int right = 0;
    for (std::size_t i = 0; i < 360; ++i) {
        std::array<float, cells> image{};
        for (std::size_t cell = 0; cell < cells; ++cell)
            image[cell] =
                static_cast<float>(static_cast<unsigned char>(images[16 + i * cells + cell])) / 255;
        output_array<digits> scores{};
        reader->run(image, scores);
        right += argmax(scores) == labels[8 + i];
        if (i >= 5) continue;
        for (std::size_t digit = 0; digit < 10; ++digit) {
            INFO("image " << i << ", digit " << digit);
            CHECK(std::fabs(double{scores[digit]} - expected[i][digit]) < 1e-5);
        }
    }
    CHECK(right == 359);
}
