// SPDX-License-Identifier: BSL-1.0
// Arithmetic on what is known.
#include "fold.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn::tool::from_onnx {

namespace {

/// Towards zero; the nearest there is where it does not fit, and 0 for what is no number.
std::int64_t cut_to_whole(double number) {
    return std::isnan(number) ? 0 : static_cast<std::int64_t>(std::clamp(number, -9e18, 9e18));
}

std::int64_t divided(std::int64_t left, std::int64_t right) {
    if (right == 0) throw refusal("divides by zero");
    return right == -1 ? wrapped(0, left, '-') : left / right;
}

} // namespace

std::int64_t wrapped(std::int64_t left, std::int64_t right, char how) {
    const auto a = static_cast<std::uint64_t>(left);
    const auto b = static_cast<std::uint64_t>(right);
    return static_cast<std::int64_t>(how == '+' ? a + b : how == '-' ? a - b : a * b);
}

tensor joined(const std::string& type, const tensor& left, const tensor& right) {
    const extents dims = broadcast(left.dims, right.dims);
    const tensor first = left.dims == dims ? left : repeated(left, dims);
    const tensor second = right.dims == dims ? right : repeated(right, dims);
    static const std::set<std::string> truths{"Equal",       "Greater", "Less", "GreaterOrEqual",
                                              "LessOrEqual", "And",     "Or",   "Xor"};
    const bool compares = truths.count(type) > 0;
    tensor result;
    result.dims = dims;
    result.real = !compares && (first.real || second.real);
    for (long long i = 0; i < first.count(); ++i) {
        const double a = first.number(i);
        const double b = second.number(i);
        if (compares) {
            const bool truth = type == "Equal"            ? a == b
                               : type == "Greater"        ? a > b
                               : type == "Less"           ? a < b
                               : type == "GreaterOrEqual" ? a >= b
                               : type == "LessOrEqual"    ? a <= b
                               : type == "And"            ? a != 0 && b != 0
                               : type == "Or"             ? a != 0 || b != 0
                                                          : (a != 0) != (b != 0);
            result.wholes.push_back(truth ? 1 : 0);
        } else if (result.real) {
            const double made = type == "Add" || type == "Sum" || type == "Mean" ? a + b
                                : type == "Sub"                                  ? a - b
                                : type == "Mul"                                  ? a * b
                                : type == "Div"                                  ? a / b
                                : type == "Pow"                                  ? std::pow(a, b)
                                : type == "Max"                                  ? std::max(a, b)
                                : type == "Min"                                  ? std::min(a, b)
                                                                                 : std::fmod(a, b);
            result.reals.push_back(static_cast<float>(made));
        } else {
            const std::int64_t x = first.whole(i);
            const std::int64_t y = second.whole(i);
            if (type == "Add" || type == "Sum")
                result.wholes.push_back(wrapped(x, y, '+'));
            else if (type == "Sub")
                result.wholes.push_back(wrapped(x, y, '-'));
            else if (type == "Mul")
                result.wholes.push_back(wrapped(x, y, '*'));
            else if (type == "Div")
                result.wholes.push_back(divided(x, y));
            else if (type == "Max")
                result.wholes.push_back(std::max(x, y));
            else if (type == "Min")
                result.wholes.push_back(std::min(x, y));
            else if (type == "Mod") {
                const std::int64_t rest = y == -1 ? 0 : x - wrapped(divided(x, y), y, '*');
                result.wholes.push_back(rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest);
            } else if (type == "Pow")
                result.wholes.push_back(cut_to_whole(std::pow(a, b)));
            else
                throw refusal("is not supported on whole numbers");
        }
    }
    return result;
}

bool fold_elementwise(importer& by, const node& of) {
    static const std::set<std::string> pairs{"Add",
                                             "Sub",
                                             "Mul",
                                             "Div",
                                             "Mod",
                                             "Pow",
                                             "Max",
                                             "Min",
                                             "Sum",
                                             "Equal",
                                             "Greater",
                                             "Less",
                                             "GreaterOrEqual",
                                             "LessOrEqual",
                                             "And",
                                             "Or",
                                             "Xor"};
    const std::string& type = of.type();
    if (pairs.count(type) > 0) {
        tensor result = by.known(of, 0, "input");
        for (int i = 1; i < of.inputs(); ++i)
            result = joined(type, result, by.known(of, i, "input"));
        by.set(of, 0, std::move(result));
        return true;
    }
    static const std::map<std::string, double (*)(double)> turns{
        {"Neg", [](double x) { return -x; }},
        {"Abs", [](double x) { return std::abs(x); }},
        {"Sqrt", [](double x) { return std::sqrt(x); }},
        {"Exp", [](double x) { return std::exp(x); }},
        {"Log", [](double x) { return std::log(x); }},
        {"Floor", [](double x) { return std::floor(x); }},
        {"Ceil", [](double x) { return std::ceil(x); }},
        {"Round", [](double x) { return std::nearbyint(x); }},
        {"Reciprocal", [](double x) { return 1 / x; }},
        {"Not", [](double x) { return x == 0 ? 1.0 : 0.0; }},
        {"Relu", [](double x) { return x < 0 ? 0 : x; }},
        {"Sign", [](double x) { return x > 0   ? 1.0
                                       : x < 0 ? -1.0
                                               : 0.0; }}};
    const auto found = turns.find(type);
    if (found == turns.end()) return false;
    const tensor& from = by.known(of, 0, "input");
    tensor result = empty_like(from, from.dims);
    for (long long i = 0; i < from.count(); ++i) {
        const double made = found->second(from.number(i));
        if (result.real)
            result.reals.push_back(static_cast<float>(made));
        else
            result.wholes.push_back(cut_to_whole(made));
    }
    by.set(of, 0, std::move(result));
    return true;
}

} // namespace ctnn::tool::from_onnx
