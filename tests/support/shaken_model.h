// Models whose random weights reveal wrong folding and packing.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "support/models.h"

namespace fer::test {

// Draws every weight and running statistic at random, because ones and zeros would hide a wrong
// fold. For a colour input, each channel has another mean and deviation.
inline nn::Model shaken_model(const std::string& architecture, const graph::NetOptions& options,
                              const LabelSet& labels = LabelSet::fer2013(),
                              const FaceFormat& faces = {}) {
  nn::Model model = fresh_model(11, labels);
  model.info.architecture = architecture;
  model.info.net = options;
  model.info.input.cut.format = faces;
  if (faces.channels() > 1) model.info.input.others = {{0.43, 0.22}, {0.39, 0.21}};
  model.net =
      nn::make_classifier(architecture, static_cast<std::int64_t>(labels.size()), options, faces);
  const at::NoGradGuard no_grad;
  for (at::Tensor& weight : model.net->parameters()) {
    if (weight.dim() == 1) weight.add_(at::randn_like(weight) * 0.3);
  }
  for (const auto& buffer : model.net->named_buffers()) {
    at::Tensor statistic = buffer.value();
    if (!statistic.is_floating_point()) continue;
    const bool variance = buffer.key().find("var") != std::string::npos;
    statistic.add_(variance ? at::rand_like(statistic) : at::randn_like(statistic) * 0.2);
  }
  nn::use_channels_last(*model.net);
  model.net->eval();
  return model;
}

}  // namespace fer::test
