#include "fer/nn/frozen_model.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/architectures.h"
#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/normalise.h"
#include "fer/runtime/team.h"
#include "fer/tensors/face_images.h"

namespace fer::nn {

namespace {

bool is_in_table(const std::string& architecture) {
  const std::vector<std::string> names = graph::architecture_names();
  return std::find(names.begin(), names.end(), architecture) != names.end();
}

// False for a run that has diverged, which is validated, too.
bool is_finite(const graph::Weights& weights) {
  return std::all_of(weights.begin(), weights.end(), [](const auto& named) {
    return std::all_of(named.second.values.begin(), named.second.values.end(),
                       [](float value) { return std::isfinite(value); });
  });
}

at::Device device_of(const Model& model) { return model.net->parameters().front().device(); }

Model copy_of(const Model& model) {
  Model copy{model.info, make_classifier(model.info.architecture,
                                         static_cast<std::int64_t>(model.info.labels.size()),
                                         model.info.net, model.info.input.cut.format)};
  copy.net->to(device_of(model));
  copy_weights(named_weights(*model.net), *copy.net, model.info.architecture);
  use_channels_last(*copy.net);
  return copy;
}

// 1 inside a parallel region, where the other cores have their own work.
int threads_here() { return at::in_parallel_region() ? 1 : at::get_num_threads(); }

}  // namespace

FrozenModel::FrozenModel(const Model& model, infer::Precision precision) : model_(model) {
  if (model.imported) {
    cpu_ = std::make_shared<const infer::FaceModel>(
        *model.imported, model.info.architecture,
        infer::resolved(precision, model.info, model.info.architecture));
    return;
  }
  if (!is_in_table(model.info.architecture)) return;
  const bool on_cpu = device_of(model).is_cpu();
  const model::Model plain = on_cpu ? stored(model) : model::Model();
  if (on_cpu && is_finite(plain.weights)) {
    const std::string& name = model.info.architecture;
    cpu_ = std::make_shared<const infer::FaceModel>(plain, name,
                                                    infer::resolved(precision, plain.info, name));
  } else if (!on_cpu) {
    model_ = copy_of(model);
  }
}

// levels: [N,H,W] or [N,H,W,3].
at::Tensor FrozenModel::forward(const at::Tensor& levels) const {
  const at::Tensor faces = normalise(levels.to(device_of(model_)), model_.info.input);
  return at::softmax(model_.net->forward(faces) / model_.info.temperature, 1).to(at::kCPU);
}

at::Tensor FrozenModel::by_forward(const at::Tensor& images, infer::Tta tta) const {
  const c10::InferenceMode inference;
  const bool was_training = model_.net->is_training();
  model_.net->eval();
  at::Tensor sum;
  if (tta == infer::Tta::none) {
    sum = forward(images);
  } else {
    const at::Tensor bytes = images.to(at::kCPU).contiguous();
    infer::for_each_view(tensors::faces_of(bytes), tta, [&](std::span<const float> levels) {
      const at::Tensor view =
          at::from_blob(const_cast<float*>(levels.data()), images.sizes(), at::kFloat);
      const at::Tensor rows = forward(view);
      sum = sum.defined() ? sum + rows : rows;
    });
  }
  model_.net->train(was_training);
  return sum / static_cast<double>(infer::view_count(tta));
}

at::Tensor FrozenModel::probabilities(const at::Tensor& images, std::int64_t batch_size,
                                      infer::Tta tta) const {
  const FaceFormat own = model_.info.data_format(), given = tensors::format_of(images);
  if (own != given && !model_.imported) {
    throw Error("a model of faces of " + text_of(own) + " is given faces of " + text_of(given));
  }
  const auto classes = static_cast<std::int64_t>(model_.info.labels.size());
  const at::Tensor all = at::empty({images.size(0), classes}, at::kFloat);
  if (cpu_) {
    const at::Tensor bytes = images.to(at::kCPU).contiguous();
    const std::vector<float> rows =
        cpu_->probabilities(tensors::faces_of(bytes), tta, runtime::own_team(threads_here()));
    std::copy(rows.begin(), rows.end(), all.mutable_data_ptr<float>());
    return all;
  }
  for (std::int64_t start = 0; start < images.size(0); start += batch_size) {
    const std::int64_t rows = std::min(batch_size, images.size(0) - start);
    all.narrow(0, start, rows).copy_(by_forward(images.narrow(0, start, rows), tta));
  }
  return all;
}

at::Tensor predict_probabilities(const Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, infer::Tta tta) {
  return FrozenModel(model).probabilities(images, batch_size, tta);
}

}  // namespace fer::nn
