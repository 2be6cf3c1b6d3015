#include "fer/nn/architectures.h"

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/graph/architectures.h"
#include "fer/nn/mini_xception.h"
#include "fer/nn/resnet.h"
#include "fer/nn/seed_cnn.h"
#include "fer/nn/vgg.h"

namespace fer::nn {

namespace {

std::shared_ptr<Classifier> make_nano(std::int64_t classes, const graph::NetOptions& options) {
  return make_resnet(graph::nano_shape(), classes, options);
}

std::shared_ptr<Classifier> make_small(std::int64_t classes, const graph::NetOptions& options) {
  return make_resnet(graph::small_shape(), classes, options);
}

std::shared_ptr<Classifier> make_large(std::int64_t classes, const graph::NetOptions& options) {
  return make_resnet(graph::large_shape(), classes, options);
}

std::shared_ptr<Classifier> make_best(std::int64_t classes, const graph::NetOptions& options) {
  return make_resnet(graph::best_shape(), classes, options);
}

const std::vector<std::string> kResNetOptions = {
    "width", "stem_stride", "se", "shortcut", "downsample", "block", "drop_path", "dropout"};

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
      {"seed-cnn", "conv 32-64-128, dense 128: the classic small net", {"dropout"}, make_seed_cnn},
      {"mini-xception",
       "separable convolutions 16-32-64-128: very few parameters",
       {"width"},
       make_mini_xception},
      {"nano", "ResNet-10, 24-48-96-192, stride-2 stem: fast on a CPU", kResNetOptions, make_nano},
      {"small", "ResNet-18, 24-48-96-192", kResNetOptions, make_small},
      {"base", "VGG-8 with batch normalisation, 64-128-256-512", {"width", "dropout"}, make_vgg8},
      {"large", "SE-ResNet-18, 64-128-256-512", kResNetOptions, make_large},
      {"best", "SE-ResNet-18, 96-192-384-512", kResNetOptions, make_best},
  };
  return table;
}

std::shared_ptr<Classifier> make_classifier(const std::string& name, std::int64_t classes,
                                            const graph::NetOptions& options) {
  const Architecture* architecture = find_architecture(name);
  if (architecture == nullptr) {
    throw Error("unknown architecture " + quote(name) +
                "; allowed: " + join(architecture_names(), ", "));
  }
  graph::check_options(architecture->name, architecture->options, options);
  return architecture->make(classes, options);
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
                       const graph::NetOptions& options) {
  const graph::Weights weights = weights_of(*make_classifier(name, classes, options));
  return graph::cost_of(graph::graph_of(name, classes, options, weights, name), weights, kFaceSide,
                        kFaceSide);
}

}  // namespace fer::nn
