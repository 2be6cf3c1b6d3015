#include <string>

#include "fer/graph/nets.h"

namespace fer::graph {

ValueId seed_cnn(Builder& builder, std::int64_t classes, const NetOptions&) {
  constexpr std::int64_t kDense = 128;
  const std::int64_t pooled = builder.faces().width / 8;  // halved three times, rounded down
  ValueId x = kInput;
  std::int64_t in = builder.faces().channels(), out = 32;
  for (const char* name : {"conv1", "conv2", "conv3"}) {
    x = builder.conv(
        x,
        {.name = name, .inputs = in, .outputs = out, .bias = true, .activation = Activation::relu});
    x = builder.max_pool(x, 2, 2, 0);
    in = out;
    out *= 2;
  }
  x = builder.linear(x, "dense", {in, pooled, pooled}, kDense, Activation::relu);
  return builder.linear(x, "logits", {kDense, 1, 1}, classes, Activation::none);
}

ValueId vgg8(Builder& builder, std::int64_t classes, const NetOptions& options) {
  constexpr std::int64_t kLayers = 8, kFirstWidth = 64;
  ValueId x = kInput;
  std::int64_t in = builder.faces().channels();
  for (std::int64_t layer = 0; layer < kLayers; ++layer) {
    if (layer > 0 && layer % 2 == 0) x = builder.max_pool(x, 2, 2, 0);
    const std::int64_t out = scaled_width(kFirstWidth << (layer / 2), options.width);
    const std::string number = std::to_string(layer + 1);
    x = builder.conv(x, {.name = "conv" + number,
                         .inputs = in,
                         .outputs = out,
                         .norm = "norm" + number,
                         .activation = Activation::relu});
    in = out;
  }
  return builder.linear(builder.mean(x), "logits", {in, 1, 1}, classes, Activation::none);
}

namespace {

// A depthwise 3x3 convolution, then a 1x1 convolution with normalisation.
ValueId separable(Builder& builder, ValueId from, const std::string& name, std::int64_t in,
                  std::int64_t out, Activation activation) {
  const ValueId deep =
      builder.conv(from, {.name = name + ".depthwise", .inputs = in, .outputs = in, .groups = in});
  return builder.conv(deep, {.name = name + ".pointwise",
                             .inputs = in,
                             .outputs = out,
                             .kernel = 1,
                             .padding = 0,
                             .norm = name + ".norm",
                             .activation = activation});
}

}  // namespace

ValueId mini_xception(Builder& builder, std::int64_t classes, const NetOptions& options) {
  constexpr std::int64_t kStemWidth = 8, kModules = 4;
  ValueId x = kInput;
  std::int64_t in = builder.faces().channels();
  for (const char* number : {"1", "2"}) {
    const std::int64_t out = scaled_width(kStemWidth, options.width);
    x = builder.conv(x, {.name = std::string("conv") + number,
                         .inputs = in,
                         .outputs = out,
                         .padding = 0,
                         .norm = std::string("norm") + number,
                         .activation = Activation::relu});
    in = out;
  }
  for (std::int64_t i = 1; i <= kModules; ++i) {
    const std::int64_t out = scaled_width(kStemWidth << i, options.width);
    const std::string name = "module" + std::to_string(i);
    ValueId y = separable(builder, x, name + ".conv1", in, out, Activation::relu);
    y = separable(builder, y, name + ".conv2", out, out, Activation::none);
    y = builder.max_pool(y, 3, 2, 1);
    x = builder.conv(x, {.name = name + ".shortcut",
                         .inputs = in,
                         .outputs = out,
                         .kernel = 1,
                         .stride = 2,
                         .padding = 0,
                         .norm = name + ".shortcut_norm",
                         .add = y});
    in = out;
  }
  x = builder.conv(x, {.name = "logits", .inputs = in, .outputs = classes, .bias = true});
  return builder.mean(x);
}

}  // namespace fer::graph
