// SPDX-License-Identifier: BSL-1.0
#include "tidy.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace ctnn::tool {

namespace {

std::size_t at(long long index) { return static_cast<std::size_t>(index); }

class editor {
public:
    explicit editor(model& subject) : subject_(subject) { count(); }

    int size() const { return static_cast<int>(subject_.layers.size()); }
    layer& operator[](int i) { return subject_.layers[at(i)]; }
    std::string_view kind(int i) const {
        const text& name = subject_.layers[at(i)].what.kind;
        return {name.data, at(name.size)};
    }
    int readers(int i) const { return readers_[at(i)]; }
    bool alone(int i) const { return readers_[at(i)] == 1; }

    /// Whoever reads `from` reads `to`.
    void redirect(int from, int to) {
        for (layer& next : subject_.layers)
            for (int& read : next.inputs)
                if (read == from) read = to;
        for (model_output& output : subject_.outputs)
            if (output.layer == from) output.layer = to;
        count();
    }

    void count() {
        readers_.assign(subject_.layers.size(), 0);
        for (const layer& next : subject_.layers) {
            for (const int read : next.inputs) ++readers_[at(read)];
            if (next.owner >= 0) ++readers_[at(next.owner)];
        }
        for (const model_output& output : subject_.outputs) ++readers_[at(output.layer)];
    }

private:
    model& subject_;
    std::vector<int> readers_;
};

bool close(double left, double right) { return std::abs(left - right) < 1e-5; }

bool is_line(editor& by, int i, double scale, double offset) {
    return by.kind(i) == "rescaling" && close(by[i].what.options.alpha, scale) &&
           close(by[i].what.options.beta, offset);
}

void become(layer& to, const descriptor& what, int read) {
    const std::string old(to.what.kind.begin(), to.what.kind.end());
    const std::size_t own = to.name.rfind('/') + 1; // 0 if there is none
    if (to.name.compare(own, old.size(), old) == 0) // it had no name but its kind's
        to.name.erase(own).append(what.kind.begin(), what.kind.end());
    to.what = what;
    to.inputs = {read};
    to.weights.clear();
}

/// x + 3, kept between 0 and 6: the layer that x is; -1 if this is something else.
int start_of_hard_gate(editor& by, int i) {
    const bool clamps =
        by.kind(i) == "relu6" ||
        (by.kind(i) == "clip" && by[i].what.options.alpha == 0 && by[i].what.options.beta == 6);
    if (!clamps || !by.alone(i)) return -1;
    const int before = by[i].inputs[0];
    return is_line(by, before, 1, 3) && by.alone(before) ? by[before].inputs[0] : -1;
}

/// 1 / (1 + |x|): the layer that x is; -1 if this is something else.
int start_of_softsign_gate(editor& by, int i) {
    if (by.kind(i) != "power" || by[i].what.options.alpha != -1 || !by.alone(i)) return -1;
    const int sum = by[i].inputs[0];
    if (!is_line(by, sum, 1, 1) || !by.alone(sum)) return -1;
    const int larger = by[sum].inputs[0];
    if (by.kind(larger) != "maximum" || !by.alone(larger) || by[larger].inputs.size() != 2)
        return -1;
    const int x = by[larger].inputs[0];
    const int opposite = by[larger].inputs[1];
    return is_line(by, opposite, -1, 0) && by[opposite].inputs[0] == x ? x : -1;
}

/// Activations that were written out as arithmetic.
void join_arithmetic(editor& by) {
    for (int i = 0; i < by.size(); ++i) {
        if (by.kind(i) == "rescaling") {
            const int before = by[i].inputs[0];
            attributes& own = by[i].what.options;
            if (is_line(by, i, 1.0 / 6, 0)) {
                const int start = start_of_hard_gate(by, before);
                if (start >= 0) {
                    become(by[i], hard_sigmoid::info, start);
                    by.count();
                    continue;
                }
            }
            if (by.kind(before) == "rescaling" && by.alone(before)) {
                own.beta += own.alpha * by[before].what.options.beta;
                own.alpha *= by[before].what.options.alpha;
                by[i].inputs = by[before].inputs;
                by.count();
            }
        } else if (by.kind(i) == "multiply" && by[i].inputs.size() == 2) {
            for (int side = 0; side < 2; ++side) {
                const int x = by[i].inputs[at(side)];
                const int gate = by[i].inputs[at(1 - side)];
                if (by[gate].inputs.size() != 1 || !by.alone(gate)) continue;
                const int before = by[gate].inputs[0];
                const descriptor* found = nullptr;
                if (before == x && by.kind(gate) == "sigmoid") found = &silu::info;
                if (before == x && by.kind(gate) == "hard_sigmoid") found = &hard_swish::info;
                if (by.kind(gate) == "tanh" && by.kind(before) == "softplus" && by.alone(before) &&
                    by[before].inputs[0] == x)
                    found = &mish::info;
                if (start_of_softsign_gate(by, gate) == x) found = &softsign::info;
                const bool six = start_of_hard_gate(by, gate) == x; // six times a hard swish
                if (found == nullptr && !six) continue;
                become(by[i], six ? hard_swish::info : *found, x);
                by.count();
                // Whoever reads it divides by 6, and only so is this one of the library's.
                if (six) {
                    int reader = -1;
                    for (int k = i + 1; k < by.size(); ++k)
                        if (std::count(by[k].inputs.begin(), by[k].inputs.end(), i) > 0) reader = k;
                    if (by.alone(i) && reader >= 0 && is_line(by, reader, 1.0 / 6, 0)) {
                        by.redirect(reader, i);
                    } else {
                        by[i].what = multiply_descriptor;
                        by[i].inputs = {x, gate};
                        by.count();
                        continue;
                    }
                }
                break;
            }
        }
    }
}

bool has_kernel(const layer& subject) {
    const family found = subject.what.family;
    return (found == family::conv || found == family::depthwise || found == family::transposed ||
            found == family::dense) &&
           subject.owner < 0;
}

/// A bias that is a layer of its own goes into the layer before.
void join_biases(editor& by) {
    for (int i = 0; i < by.size(); ++i) {
        if (by.kind(i) != "scale_shift" || by[i].what.options.along != -1) continue;
        const int before = by[i].inputs[0];
        layer& kernel = by[before];
        if (!has_kernel(kernel) || !by.alone(before) || kernel.what.options.has_activation ||
            kernel.weights.empty())
            continue;
        if (by[i].what.options.scale ||
            kernel.output.extent.channels() != static_cast<int>(by[i].weights[0].size()))
            continue;
        const std::vector<float> shift = by[i].weights[0];
        if (!kernel.what.options.bias) {
            kernel.weights.push_back(shift);
            kernel.what.options.bias = true;
        } else {
            for (std::size_t c = 0; c < shift.size(); ++c) kernel.weights.back()[c] += shift[c];
        }
        by.redirect(i, before);
    }
}

/// x * gamma, then + beta, is one layer.
void join_scales(editor& by) {
    for (int i = 0; i < by.size(); ++i) {
        if (by.kind(i) != "scale_shift" || by[i].what.options.scale) continue;
        const int before = by[i].inputs[0];
        if (by.kind(before) != "scale_shift" || !by.alone(before) || by[before].what.options.center)
            continue;
        if (by[i].what.options.along != by[before].what.options.along ||
            by[i].weights[0].size() != by[before].weights[0].size())
            continue;
        by[i].what.options.scale = true;
        by[i].weights.insert(by[i].weights.begin(), by[before].weights[0]);
        by[i].inputs = by[before].inputs;
        by.count();
    }
}

/// Padding goes into the window behind it.
void join_padding(editor& by, model& subject) {
    for (int i = 0; i < by.size(); ++i) {
        if (by[i].inputs.size() != 1) continue;
        const int before = by[i].inputs[0];
        const descriptor& pad = by[before].what;
        const std::string_view kind = by.kind(before);
        const bool zeros = pad.operation == operation::pad;
        const bool mirrors = kind.starts_with("reflection_pad") ||
                             kind.starts_with("replication_pad") ||
                             kind.starts_with("circular_pad");
        window& over = by[i].what.options.spatial;
        const bool convolves =
            by[i].what.family == family::conv || by[i].what.family == family::depthwise;
        if (!convolves || !by.alone(before) || !(zeros || mirrors) ||
            pad.options.spatial.axes != over.axes)
            continue;
        if (over.padding != padding_rule::valid && over.padding != padding_rule::explicit_)
            continue;
        if (mirrors && over.padding != padding_rule::valid) continue;
        if (!mirrors && over.beyond != border::zeros) continue;
        bool adds = true;
        for (int axis = 0; axis < over.axes; ++axis)
            adds = adds && pad.options.spatial.before[axis] >= 0 &&
                   pad.options.spatial.after[axis] >= 0;
        if (!adds) continue;
        const window old = over;
        over.padding = padding_rule::explicit_;
        for (int axis = 0; axis < over.axes; ++axis) {
            over.before[axis] += pad.options.spatial.before[axis];
            over.after[axis] += pad.options.spatial.after[axis];
        }
        over.beyond = pad.options.spatial.beyond;
        const std::vector<int> reads = by[i].inputs;
        by[i].inputs = by[before].inputs;
        const outcome found = subject.outcome_of(by[i]);
        if (found.problem || !(found.output.extent == by[i].output.extent)) {
            over = old;
            by[i].inputs = reads;
        }
        by.count();
    }
}

/// A concatenation that begins with all that an earlier one joins begins with that one: dense
/// blocks join two tensors at a time, as their authors meant.
void join_concats(editor& by) {
    std::map<std::pair<int, std::vector<int>>, int> known;
    for (int i = 0; i < by.size(); ++i) {
        if (by[i].what.operation != operation::concat) continue;
        const int along = by[i].what.options.along;
        std::vector<int> parts = by[i].inputs;
        known.emplace(std::make_pair(along, parts), i);
        for (std::size_t length = parts.size(); length-- > 2;) {
            const auto found = known.find(
                {along, {parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(length)}});
            if (found == known.end()) continue;
            parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(length));
            parts.insert(parts.begin(), found->second);
            by[i].inputs = std::move(parts);
            // Where the source joins is somewhere else than where this does.
            by[i].name.clear();
            by[found->second].name.clear();
            break;
        }
    }
    by.count();
}

/// Activations become options of the layers before.
void join_activations(editor& by, model& subject) {
    for (int i = 0; i < by.size(); ++i) {
        if (by[i].what.family != family::activation || by[i].inputs.size() != 1 ||
            !by[i].weights.empty())
            continue;
        const int before = by[i].inputs[0];
        layer& kernel = by[before];
        if (!has_kernel(kernel) || !by.alone(before) || kernel.what.options.has_activation)
            continue;
        if (by.kind(i) == "linear") continue;
        // On int8 a clamp of the same numbers, and no other, costs no rounding of its own.
        if (by[i].on_int8 && (by[i].what.operation != operation::clamp || !kernel.on_int8 ||
                              !(kernel.on_int8->made == by[i].on_int8->made)))
            continue;
        // Batch norms and the like stand between them often; those that are read alone do not.
        set_activation(subject, kernel.what, by[i].what);
        by.redirect(i, before);
    }
}

} // namespace

void remove_unread(model& subject) {
    std::vector<bool> kept(subject.layers.size());
    for (const model_output& output : subject.outputs) kept[at(output.layer)] = true;
    for (std::size_t i = subject.layers.size(); i-- > 0;) {
        const layer& next = subject.layers[i];
        kept[i] = kept[i] || next.inputs.empty();
        if (!kept[i]) continue;
        for (const int read : next.inputs) kept[at(read)] = true;
        if (next.owner >= 0) kept[at(next.owner)] = true;
    }
    std::vector<int> moved(subject.layers.size(), -1);
    std::vector<layer> left;
    for (std::size_t i = 0; i < subject.layers.size(); ++i) {
        if (!kept[i]) continue;
        moved[i] = static_cast<int>(left.size());
        layer next = std::move(subject.layers[i]);
        for (int& read : next.inputs) read = moved[at(read)];
        if (next.owner >= 0) next.owner = moved[at(next.owner)];
        left.push_back(std::move(next));
    }
    subject.layers = std::move(left);
    for (model_output& output : subject.outputs) output.layer = moved[at(output.layer)];
}

void tidy(model& subject) {
    remove_unread(subject);
    editor by(subject);
    const auto settle = [&] { // what was left behind counts as a reader
        remove_unread(subject);
        by.count();
    };
    if (!subject.on_int8()) { // arithmetic on int8 rounds at every step
        join_arithmetic(by);
        settle();
        join_scales(by);
        settle();
        join_biases(by);
        settle();
    }
    join_padding(by, subject);
    settle();
    join_concats(by);
    join_activations(by, subject);
    remove_unread(subject);
}

} // namespace ctnn::tool
