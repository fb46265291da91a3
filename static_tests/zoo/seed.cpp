// SPDX-License-Identifier: BSL-1.0
// The seed's network, layer by layer, as Keras' summary prints it.
#include <zoo/seed.hpp>

namespace zoo_test {

using ctnn::shape;
using network = ctnn::zoo::seed;

static_assert(network::input == shape{28, 28, 1});
static_assert(network::layer_count == 4);
static_assert(network::parameters == 49'378);
static_assert(network::trainable_parameters == 49'378);
static_assert(network::non_trainable_parameters == 0);
static_assert(network::macs == 1'948'320);

static_assert(network::layer<0>.output == shape{26, 26, 40});
static_assert(network::layer<0>.kernel == shape{3, 3, 1});
static_assert(network::layer<0>.parameters == 400);

static_assert(network::layer<1>.output == shape{24, 24, 8});
static_assert(network::layer<1>.kernel == shape{3, 3, 40});
static_assert(network::layer<1>.parameters == 2'888);

static_assert(network::layer<2>.output == shape{4'608});
static_assert(network::layer<2>.parameters == 0);

static_assert(network::layer<3>.output == shape{10});
static_assert(network::layer<3>.parameters == 46'090);

} // namespace zoo_test
