#include "fer/nn/architectures.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/nn/mini_xception.h"
#include "fer/nn/resnet.h"
#include "fer/nn/seed_cnn.h"
#include "fer/nn/vgg.h"

namespace fer::nn {

namespace {

std::shared_ptr<Classifier> make_nano(std::int64_t classes, const NetOptions& options) {
  return make_resnet({.widths = {24, 48, 96, 192}, .blocks = 1, .stem_stride = 2}, classes,
                     options);
}

std::shared_ptr<Classifier> make_small(std::int64_t classes, const NetOptions& options) {
  return make_resnet({.widths = {24, 48, 96, 192}}, classes, options);
}

std::shared_ptr<Classifier> make_large(std::int64_t classes, const NetOptions& options) {
  return make_resnet({.widths = {64, 128, 256, 512}, .se = true}, classes, options);
}

std::shared_ptr<Classifier> make_best(std::int64_t classes, const NetOptions& options) {
  return make_resnet({.widths = {96, 192, 384, 512}, .se = true}, classes, options);
}

const std::vector<std::string> kResNetOptions = {
    "width", "stem_stride", "se", "shortcut", "downsample", "block", "drop_path", "dropout"};

void check_options(const Architecture& architecture, const NetOptions& options) {
  NetOptions given = options;
  NetOptions plain;
  const nlohmann::json plain_values = options_to_json(visiting(plain));
  const nlohmann::json values = options_to_json(visiting(given));
  for (const auto& [key, value] : values.items()) {
    const bool taken = std::find(architecture.options.begin(), architecture.options.end(), key) !=
                       architecture.options.end();
    if (taken || value == plain_values.at(key)) continue;
    throw Error("architecture " + architecture.name + " has no option '" + key + "' (it is " +
                value.dump() + "); it takes: " + join(architecture.options, ", "));
  }
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
                                            const NetOptions& options) {
  std::vector<std::string> names;
  for (const Architecture& architecture : architectures()) {
    if (architecture.name == name) {
      check_options(architecture, options);
      return architecture.make(classes, options);
    }
    names.push_back(architecture.name);
  }
  throw Error("unknown architecture " + quote(name) + "; allowed: " + join(names, ", "));
}

}  // namespace fer::nn
