// SPDX-License-Identifier: BSL-1.0
// Everything that is wrong with a safetensors file is said, line by line, and none of it is used.
#include "safetensors_files.hpp"

#include <limits>

using namespace files;

TEST_CASE("a file that is cut short is refused, wherever the cut is", "[safetensors]") {
    const std::vector<std::byte> whole = file_of(header_parts{}.text(), good_data());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        std::vector<std::byte> part = whole;
        part.resize(size);
        CHECK_FALSE(errors_of(part).empty());
    }
    CHECK(errors_of(std::vector<std::byte>(5)) ==
          lines{"w: header: found a file of 5 bytes, expected at least 8: the header's size"});
    std::vector<std::byte> cut = whole;
    cut.resize(cut.size() - 10);
    CHECK(errors_of(cut) == lines{"w: tensor \"dense/bias\": found data_offsets [176, 188], "
                                  "expected an end within the file's 178 bytes of data"});
}

TEST_CASE("a header's size beyond the file or the limit is refused unread", "[safetensors]") {
    std::vector<std::byte> file = file_of(header_parts{}.text(), good_data());
    const std::string rest = std::to_string(file.size() - 8);
    for (std::size_t i = 0; i < 8; ++i) file[i] = std::byte{0xff};
    CHECK(errors_of(file) ==
          lines{"w: header: found a size of 18446744073709551615 bytes, expected "
                "at most the " +
                rest + " bytes that follow in the file"});
    const scratch_folder folder; // a sparse file: nothing of it is on the disk
    const std::filesystem::path path = folder.path / "huge";
    const std::array<unsigned char, 8> size{0x01, 0xe1, 0xf5, 0x05}; // 100,000,001
    std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(size.data()), 8);
    std::filesystem::resize_file(path, 1ULL << 40);
    CHECK(ctnn::read_safetensors<net>(path).errors ==
          lines{path.string() + ": header: found a size of 100000001 bytes, expected at most "
                                "100000000 bytes"});
}

TEST_CASE("a header that is not JSON is refused", "[safetensors]") {
    const auto the_error = [](const std::string& header) {
        const lines errors = errors_of(header);
        REQUIRE(errors.size() == 1);
        return errors[0];
    };
    const auto names = [&](const std::string& header, const char* fragment) {
        return the_error(header).find(fragment) != std::string::npos;
    };
    CHECK(the_error("") == "w: header: found nothing, expected \"{\"");
    CHECK(the_error(" {}") == "w: header: found \" \", expected \"{\"");
    CHECK(the_error(std::string("{}\0{}", 5)) ==
          "w: header: found a zero byte at byte 2, expected JSON");
    CHECK(names("{", "unexpected end of input; expected string literal (byte 2 of the header)"));
    CHECK(names("{} {}", "expected end of input"));
    CHECK(names("{\"a\xff\":1}", "ill-formed UTF-8"));
    CHECK(names(R"({"a":1e999})", "number overflow"));
    CHECK(names(R"({"a" 1})", "expected ':'"));
    const std::string deep =
        R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    CHECK(
        errors_of(deep) ==
        lines{
            "w: tensor \"a\": found an array, expected an object of dtype, shape and data_offsets",
            "w: header: found values nested deeper than 32, expected three levels"});
}

TEST_CASE("overlap, gaps and bytes after the end are refused", "[safetensors]") {
    header_parts parts;
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[172,184]})";
    CHECK(
        errors_of(parts) ==
        lines{"w: tensor \"dense/bias\": found data from byte 172, inside tensor \"dense/kernel\", "
              "expected no overlap: byte 176",
              "w: data: found 4 bytes after the last tensor, expected none"});
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[180,192]})";
    std::vector<std::byte> longer = good_data();
    longer.resize(192);
    CHECK(errors_of(parts, longer) == lines{"w: tensor \"dense/bias\": found data from byte 180, "
                                            "expected no gap: byte 176"});
    CHECK(errors_of(header_parts{}, longer) ==
          lines{"w: data: found 4 bytes after the last tensor, expected none"});
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[188,176]})";
    CHECK(errors_of(parts) == lines{"w: tensor \"dense/bias\": found data_offsets [188, 176], "
                                    "expected a begin that is not beyond the end"});
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3],"data_offsets":[176,184]})";
    CHECK(errors_of(parts) == lines{"w: tensor \"dense/bias\": found data_offsets [176, 184], "
                                    "8 bytes, expected 12 bytes for F32 [3]"});
}

TEST_CASE("a wrong dtype is named", "[safetensors]") {
    header_parts parts;
    parts.bias = R"("conv2d/bias":{"dtype":"I64","shape":[2],"data_offsets":[72,80]})";
    CHECK(errors_of(parts) == lines{"w: tensor \"conv2d/bias\": found dtype \"I64\", expected F32 "
                                    "(or F16 or BF16, which are widened)"});
}

TEST_CASE("values that are not finite are located", "[safetensors]") {
    weights_array weights = some_weights();
    weights[20 + 7] = -std::numeric_limits<float>::infinity();
    weights[20 + 9] = std::numeric_limits<float>::quiet_NaN();
    weights[19] = std::numeric_limits<float>::quiet_NaN();
    weights[46] = std::numeric_limits<float>::infinity();
    CHECK(errors_of(header_parts{}, bytes_of(weights.data(), sizeof weights)) ==
          lines{"w: tensor \"conv2d/bias\": found nan at [1], 1 of 2 values not finite, expected "
                "finite numbers",
                "w: tensor \"dense/kernel\": found -inf at [2, 1], 2 of 24 values not finite, "
                "expected finite numbers",
                "w: tensor \"dense/bias\": found inf at [2], 1 of 3 values not finite, expected "
                "finite numbers"});
}

TEST_CASE("missing and surplus tensors and wrong shapes are all listed", "[safetensors]") {
    header_parts parts;
    parts.kernel = R"("conv2d/kernel":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]})";
    parts.bias = R"("conv/bias\n":{"dtype":"F32","shape":[2],"data_offsets":[72,80]})";
    parts.dense = R"("dense/kernel":{"dtype":"F32","shape":[3,8],"data_offsets":[80,176]})";
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3,1],"data_offsets":[176,188]})";
    CHECK(
        errors_of(parts) ==
        lines{"w: tensor \"conv2d/kernel\": found shape [2, 1, 3, 3], expected [3, 3, 1, 2] (it is "
              "in PyTorch's order, filters, depth, height, width: transpose it to height, width, "
              "depth, filters)",
              "w: tensor \"conv2d/bias\": found no such tensor, expected F32 [2]",
              "w: tensor \"dense/kernel\": found shape [3, 8], expected [8, 3] (it is in PyTorch's "
              "order, outputs, inputs: transpose it)",
              "w: tensor \"dense/bias\": found shape [3, 1], expected [3]",
              "w: tensor \"conv/bias\\x0a\": found F32 [2], expected no tensor of this name: the "
              "network has none"});
}

TEST_CASE("a name or key that stands there twice is refused", "[safetensors]") {
    header_parts parts;
    parts.last += "," + parts.last;
    CHECK(errors_of(parts) ==
          lines{"w: tensor \"dense/bias\": found it twice, expected once",
                "w: tensor \"dense/bias\": found data from byte 176, inside tensor \"dense/bias\", "
                "expected no overlap: byte 188"});
    parts = {};
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3],"shape":[3],"data_offsets":[176,188]})";
    CHECK(errors_of(parts) ==
          lines{"w: tensor \"dense/bias\": found the key \"shape\" twice, expected it once"});
    parts = {};
    parts.kernel = R"("__metadata__":{"a":"1","a":"2"},"__metadata__":{},)" + parts.kernel;
    CHECK(errors_of(parts) == lines{"w: metadata \"a\": found it twice, expected once",
                                    "w: metadata: found it twice, expected once"});
}

TEST_CASE("values of the wrong kind are named, and the rest is checked too", "[safetensors]") {
    const auto with_last = [](const std::string& inner) {
        header_parts parts;
        parts.last = "\"dense/bias\":" + inner;
        const lines errors = errors_of(parts);
        REQUIRE(errors.size() == 1);
        REQUIRE(errors[0].starts_with("w: tensor \"dense/bias\": found "));
        return errors[0].substr(30);
    };
    const std::string offsets = R"(,"data_offsets":[176,188]})";
    const std::string whole = ", expected whole numbers from 0";
    CHECK(with_last("7") == "7, expected an object of dtype, shape and data_offsets");
    CHECK(with_last(R"({"dtype":3,"shape":[3])" + offsets) == "the dtype 3, expected a string");
    CHECK(with_last(R"({"dtype":"F32","shape":3)" + offsets) == "the shape 3, expected an array");
    CHECK(with_last(R"({"dtype":"F32","shape":[-3])" + offsets) == "-3 in its shape" + whole);
    CHECK(with_last(R"({"dtype":"F32","shape":[3.5])" + offsets) == "3.5 in its shape" + whole);
    CHECK(with_last(R"({"dtype":"F32","shape":[[3]])" + offsets) ==
          "an array in its shape" + whole);
    CHECK(with_last(R"({"dtype":"F32","shape":[null])" + offsets) == "null in its shape" + whole);
    CHECK(with_last(R"({"dtype":"F32","shape":[18446744073709551616])" + offsets) ==
          "18446744073709551616 in its shape" + whole);
    CHECK(with_last(R"({"dtype":"F32","shape":[3],"data_offsets":[true,188]})") ==
          "true in its data_offsets" + whole);
    CHECK(with_last(R"({"dtype":"F32","shape":[3],"data_offsets":[176]})") ==
          "fewer than two data_offsets, expected begin and end");
    CHECK(with_last(R"({"dtype":"F32","shape":[3],"data_offsets":[176,188,188]})") ==
          "more than two data_offsets, expected begin and end");
    CHECK(with_last(R"({"dtype":"F32","data_offsets":[176,188]})") ==
          "no shape, expected dtype, shape and data_offsets");
    CHECK(with_last(R"({"dtype":"F32","shape":[3],"stride":{"a":[1]})" + offsets) ==
          "the key \"stride\", expected dtype, shape and data_offsets alone");
    std::string axes = "1";
    for (int i = 0; i < 32; ++i) axes += ",1";
    CHECK(with_last(R"({"dtype":"F32","shape":[)" + axes + "]" + offsets) ==
          "a shape of more than 32 axes, expected fewer");

    header_parts parts;
    parts.kernel = R"("__metadata__":{"a":1,"b":[]},)" + parts.kernel;
    CHECK(errors_of(parts) == lines{"w: metadata \"a\": found 1, expected a string",
                                    "w: metadata \"b\": found an array, expected a string"});
    parts = {};
    parts.kernel = R"("__metadata__":[],)" + parts.kernel;
    CHECK(errors_of(parts) == lines{"w: metadata: found an array, expected an object of strings"});
}

TEST_CASE("sizes that do not fit 64 bits are refused", "[safetensors]") {
    header_parts parts;
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[4294967296,4294967296,3],)"
                 R"("data_offsets":[176,188]})";
    CHECK(
        errors_of(parts) ==
        lines{"w: tensor \"dense/bias\": found F32 [4294967296, 4294967296, 3], expected a size in "
              "bytes that fits 64 bits",
              "w: tensor \"dense/bias\": found shape [4294967296, 4294967296, 3], expected [3]"});
    parts.last = R"("dense/bias":{"dtype":"F32","shape":[3],)"
                 R"("data_offsets":[18446744073709551604,18446744073709551615]})";
    CHECK(errors_of(parts) ==
          lines{"w: tensor \"dense/bias\": found data_offsets [18446744073709551604, "
                "18446744073709551615], expected an end within the file's 188 bytes "
                "of data"});
}

TEST_CASE("a flood of errors is cut off and counted", "[safetensors]") {
    std::string header = "{\"a0\":1";
    for (int i = 1; i < 1500; ++i) header += ",\"a" + std::to_string(i) + "\":1";
    const lines errors = errors_of(header + "}"); // and the network's four tensors are missing
    REQUIRE(errors.size() == 1001);
    CHECK(errors.back() == "w: and 504 more errors");
}
