#include "fer/train/fresh_model.h"

#include <torch/utils.h>

#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/normalise.h"

namespace fer::train {

nn::Model fresh_model(const TrainOptions& options, const data::FaceSet& train,
                      const RandomStream& stream) {
  torch::manual_seed(stream.child("initial weights").key());
  nn::Model model;
  model.info.architecture = options.arch;
  model.info.net = options.net;
  model.info.labels = train.label_set;
  nn::LevelCounts levels(train.images.format());
  train.images.each_block([&](std::int64_t, const at::Tensor& block) { levels.add(block); });
  model.info.input = levels.input_spec();
  model.net = nn::make_classifier(options.arch, static_cast<std::int64_t>(train.label_set.size()),
                                  options.net, model.info.input.cut.format);
  nn::use_channels_last(*model.net);
  return model;
}

}  // namespace fer::train
