// SPDX-License-Identifier: BSL-1.0
// Where Keras' files keep a layer's weights.
#pragma once

#include "../../model/model.hpp"
#include "h5_file.hpp"

#include <string>
#include <vector>

namespace ctnn::tool::from_keras {

/// A layer and the models around it, the outermost first.
struct layer_place {
    struct step {
        std::string name;
        std::string type; ///< the class
        int number = 0;   ///< how many of this class come before it in its model
    };
    std::vector<step> steps;

    std::string path() const; ///< "encoder/conv2d"
};

struct stored_weight {
    std::string name; ///< "kernel"; empty where the file only counts
    const h5_object* data = nullptr;
};

class weight_source {
public:
    weight_source() = default;
    weight_source(const weight_source&) = delete;
    weight_source& operator=(const weight_source&) = delete;
    virtual ~weight_source() = default;
    /// What the file has for a layer, whose rule expects some. The objects live as long as the
    /// source.
    virtual std::vector<stored_weight> of(const layer_place& place,
                                          const outcome& expected) const = 0;
};

/// A .h5 file of a whole model: a group for each layer of the outermost model.
class h5_weights : public weight_source {
public:
    h5_weights(const h5_file& file, std::string root);
    std::vector<stored_weight> of(const layer_place& place, const outcome&) const override;

private:
    const h5_file& file_;
    std::string root_;
};

/// model.weights.h5 of a .keras file: groups as the models lie in each other, named by classes.
class keras3_weights : public weight_source {
public:
    explicit keras3_weights(const h5_file& file) : file_(file) {}
    std::vector<stored_weight> of(const layer_place& place, const outcome&) const override;

private:
    const h5_file& file_;
};

} // namespace ctnn::tool::from_keras
