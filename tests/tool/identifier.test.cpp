// SPDX-License-Identifier: BSL-1.0
// Names that networks can have.
#include "../../tools/ctnn/writer/identifier.hpp"
#include "../catch.hpp"

namespace {

using ctnn::tool::identifier;
using ctnn::tool::problem_of_name;

TEST_CASE("what a network can be called") {
    for (const char* name : {"digits", "a", "Net_2", "x86"}) CHECK(problem_of_name(name).empty());
    for (const char* name : {"", "9x", "a b", "a-b", "_a", "a__b", "class", "int", "std", "main",
                             "co_await", "errno", "read", "a\n", "a\"", "caf\xC3\xA9"})
        CHECK_FALSE(problem_of_name(name).empty());
    CHECK(problem_of_name(std::string(64, 'a')).empty());
    CHECK_FALSE(problem_of_name(std::string(65, 'a')).empty());
}

TEST_CASE("any name becomes one that a network can have") {
    CHECK(identifier("digits") == "digits");
    CHECK(identifier("my-model v2.final") == "my_model_v2_final");
    CHECK(identifier("9 lives") == "model_9_lives");
    CHECK(identifier("class") == "class_model");
    CHECK(identifier("") == "model");
    CHECK(identifier("\xC3\xA4\xC3\xB6") == "model");
    for (int character = 0; character < 256; ++character) {
        const std::string name(3, static_cast<char>(character));
        CHECK(problem_of_name(identifier(name)).empty());
        CHECK(problem_of_name(identifier("a" + name + "b")).empty());
        CHECK(problem_of_name(identifier(std::string(300, static_cast<char>(character)))).empty());
    }
}

} // namespace
