#include "fer/eval/ensemble_grad_cam.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <span>
#include <utility>

#include "fer/tensors/face_images.h"

namespace fer::eval {

EnsembleGradCam::EnsembleGradCam(const std::vector<nn::NamedModel>& models,
                                 std::vector<double> weights)
    : weights_(std::move(weights)) {
  for (const nn::NamedModel& named : models) {
    models_.emplace_back(nn::stored(named.model), named.path.string());
  }
}

at::Tensor EnsembleGradCam::maps(const at::Tensor& images, const at::Tensor& classes) const {
  const at::Tensor bytes = images.contiguous(), numbers = classes.contiguous();
  const std::span<const std::int64_t> wanted(numbers.const_data_ptr<std::int64_t>(),
                                             static_cast<std::size_t>(numbers.numel()));
  const std::int64_t height = images.size(1), width = images.size(2);
  const at::Tensor sum = at::zeros({images.size(0), height, width}, at::kFloat);
  for (std::size_t k = 0; k < models_.size(); ++k) {
    const auto maps =
        models_[k].maps(tensors::faces_of(bytes), wanted, runtime::own_team(at::get_num_threads()));
    for (std::size_t i = 0; i < maps.size(); ++i) {
      sum[static_cast<std::int64_t>(i)].add_(at::tensor(maps[i]).view({height, width}),
                                             weights_[k]);
    }
  }
  return sum;
}

}  // namespace fer::eval
