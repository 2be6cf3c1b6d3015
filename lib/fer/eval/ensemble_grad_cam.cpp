#include "fer/eval/ensemble_grad_cam.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <span>
#include <utility>

#include "fer/tensors/face_images.h"

namespace fer::eval {

namespace {

at::Tensor scaled_to(const at::Tensor& map, const FaceFormat& format) {
  if (map.size(0) == format.height && map.size(1) == format.width) return map;
  return at::upsample_bilinear2d(map.view({1, 1, map.size(0), map.size(1)}),
                                 {format.height, format.width}, /*align_corners=*/false)
      .view({format.height, format.width});
}

}  // namespace

EnsembleGradCam::EnsembleGradCam(const std::vector<nn::NamedModel>& models,
                                 std::vector<double> weights)
    : weights_(std::move(weights)) {
  for (const nn::NamedModel& named : models) {
    models_.emplace_back(nn::stored(named.model), named.path.string());
    infos_.push_back(named.model.info);
  }
}

at::Tensor EnsembleGradCam::maps(const StudyImages& images, const at::Tensor& rows,
                                 const at::Tensor& classes) const {
  const at::Tensor numbers = classes.contiguous();
  const std::span<const std::int64_t> wanted(numbers.const_data_ptr<std::int64_t>(),
                                             static_cast<std::size_t>(numbers.numel()));
  const FaceFormat& shown = images.set().images.format();
  const at::Tensor sum = at::zeros({rows.size(0), shown.height, shown.width}, at::kFloat);
  for (std::size_t k = 0; k < models_.size(); ++k) {
    const at::Tensor faces = images.of(infos_[k]).rows(rows);
    const auto maps =
        models_[k].maps(tensors::faces_of(faces), wanted, runtime::own_team(at::get_num_threads()));
    for (std::size_t i = 0; i < maps.size(); ++i) {
      const at::Tensor map = at::tensor(maps[i]).view({faces.size(1), faces.size(2)});
      sum[static_cast<std::int64_t>(i)].add_(scaled_to(map, shown), weights_[k]);
    }
  }
  return sum;
}

}  // namespace fer::eval
