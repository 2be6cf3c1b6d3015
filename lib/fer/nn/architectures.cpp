#include "fer/nn/architectures.h"

#include <c10/util/Exception.h>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/graph/architectures.h"
#include "fer/nn/mini_xception.h"
#include "fer/nn/resnet.h"
#include "fer/nn/seed_cnn.h"
#include "fer/nn/vgg.h"

namespace fer::nn {

namespace {

std::shared_ptr<Classifier> make_nano(std::int64_t classes, const graph::NetOptions& options,
                                      const FaceFormat& faces) {
  return make_resnet(graph::nano_shape(), classes, options, faces);
}

std::shared_ptr<Classifier> make_small(std::int64_t classes, const graph::NetOptions& options,
                                       const FaceFormat& faces) {
  return make_resnet(graph::small_shape(), classes, options, faces);
}

std::shared_ptr<Classifier> make_large(std::int64_t classes, const graph::NetOptions& options,
                                       const FaceFormat& faces) {
  return make_resnet(graph::large_shape(), classes, options, faces);
}

std::shared_ptr<Classifier> make_best(std::int64_t classes, const graph::NetOptions& options,
                                      const FaceFormat& faces) {
  return make_resnet(graph::best_shape(), classes, options, faces);
}

// A row of the table with the options of the graph. A network without a graph, which runs by its
// forward(), lists its options in the row itself.
Architecture with_graph(const std::string& name, const std::string& summary,
                        decltype(Architecture::make) make) {
  return {name, summary, graph::options_of(name), make};
}

const Architecture* find_architecture(const std::string& name) {
  for (const Architecture& architecture : architectures()) {
    if (architecture.name == name) return &architecture;
  }
  return nullptr;
}

std::vector<std::string> architecture_names() {
  std::vector<std::string> names;
  for (const Architecture& architecture : architectures()) names.push_back(architecture.name);
  return names;
}

}  // namespace

const std::vector<Architecture>& architectures() {
  static const std::vector<Architecture> table = {
      with_graph("seed-cnn", "conv 32-64-128, dense 128: the classic small net", make_seed_cnn),
      with_graph("mini-xception", "separable convolutions 16-32-64-128: very few parameters",
                 make_mini_xception),
      with_graph("nano", "ResNet-10, 24-48-96-192, stride-2 stem: fast on a CPU", make_nano),
      with_graph("small", "ResNet-18, 24-48-96-192", make_small),
      with_graph("base", "VGG-8 with batch normalisation, 64-128-256-512", make_vgg8),
      with_graph("large", "SE-ResNet-18, 64-128-256-512", make_large),
      with_graph("best", "SE-ResNet-18, 96-192-384-512", make_best),
  };
  return table;
}

std::shared_ptr<Classifier> make_classifier(const std::string& name, std::int64_t classes,
                                            const graph::NetOptions& options,
                                            const FaceFormat& faces) {
  const Architecture* architecture = find_architecture(name);
  if (architecture == nullptr) {
    throw Error("unknown architecture " + quote(name) +
                "; allowed: " + join(architecture_names(), ", "));
  }
  graph::check_options(architecture->name, architecture->options, options);
  TORCH_CHECK(is_data_format(faces), "networks take square faces, grey or rgb");
  return architecture->make(classes, options, faces);
}

void check_architecture(const std::string& name, const graph::NetOptions& options) {
  const std::vector<std::string> names = architecture_names();
  const Architecture* architecture = find_architecture(name);
  if (architecture == nullptr) {
    const auto near = nearest(name, names);
    throw OptionError("arch", quote(name) + " is not known" +
                                  (near ? "; did you mean " + quote(*near) + "?" : "") +
                                  "; allowed: " + join(names, ", "));
  }
  graph::check_options(architecture->name, architecture->options, options);
}

graph::NetCost cost_of(const std::string& name, std::int64_t classes,
                       const graph::NetOptions& options, const FaceFormat& faces) {
  const graph::Weights weights = weights_of(*make_classifier(name, classes, options, faces));
  return graph::cost_of(graph::graph_of(name, classes, options, weights, name, faces), weights,
                        faces.height, faces.width);
}

}  // namespace fer::nn
