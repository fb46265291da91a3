// SPDX-License-Identifier: BSL-1.0
#include "importer.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace ctnn::tool::from_keras {

namespace {

[[noreturn]] void wrong(settings::names of, const std::string& expected) {
    throw refusal("its setting '" + std::string(*of.begin()) + "' is not " + expected);
}

} // namespace

const json* settings::find(names of) const {
    if (!config_.is_object()) return nullptr;
    for (const char* name : of) {
        const auto found = config_.find(name);
        if (found != config_.end() && !found->is_null()) return &*found;
    }
    return nullptr;
}

long long settings::integer(names of, long long usual) const {
    const json* found = find(of);
    if (found == nullptr) return usual;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > (std::uint64_t{1} << 62))
        wrong(of, "a number that is supported");
    if (found->is_number_integer()) return found->get<long long>();
    if (found->is_number_float()) {
        const double number = found->get<double>();
        if (std::abs(number) < 1e9 && number == std::floor(number))
            return static_cast<long long>(number);
    }
    wrong(of, "a whole number");
}

int settings::whole(names of, long long usual) const {
    return whole_number(integer(of, usual), *of.begin());
}

double settings::real(names of, double usual) const {
    const json* found = find(of);
    if (found == nullptr) return usual;
    if (!found->is_number()) wrong(of, "a number");
    return found->get<double>();
}

bool settings::flag(names of, bool usual) const {
    const json* found = find(of);
    if (found == nullptr) return usual;
    if (!found->is_boolean()) wrong(of, "true or false");
    return found->get<bool>();
}

std::string settings::text(names of, const std::string& usual) const {
    const json* found = find(of);
    if (found == nullptr) return usual;
    if (!found->is_string()) wrong(of, "a text");
    return found->get<std::string>();
}

std::vector<int> settings::list(names of) const {
    const json* found = find(of);
    std::vector<int> result;
    if (found == nullptr) return result;
    if (!found->is_array()) return {whole(of, 0)};
    if (found->size() > 64) wrong(of, "a short list");
    for (const json& item : *found) {
        if (!item.is_number_integer() ||
            (item.is_number_unsigned() && item.get<std::uint64_t>() > (std::uint64_t{1} << 62)))
            wrong(of, "a list of whole numbers");
        result.push_back(whole_number(item.get<long long>(), *of.begin()));
    }
    return result;
}

std::vector<int> settings::each(names of, int count, int usual) const {
    std::vector<int> result = list(of);
    if (result.empty()) result.push_back(usual);
    if (result.size() == 1) result.resize(static_cast<std::size_t>(count), result[0]);
    if (result.size() != static_cast<std::size_t>(count))
        wrong(of, "a number or " + std::to_string(count) + " of them");
    return result;
}

} // namespace ctnn::tool::from_keras
