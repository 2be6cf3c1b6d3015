#include "fer/nn/conv_relu_pool.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "fer/nn/pool_kernels.h"

namespace fer::nn {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

PoolShape shape_before_pooling(const at::Tensor& faces, const at::Tensor& weight) {
  return {faces.size(2), faces.size(3), weight.size(0)};
}

PoolShape halved(PoolShape shape) { return {shape.height / 2, shape.width / 2, shape.channels}; }

at::Tensor empty_nhwc(std::int64_t count, PoolShape shape, const at::Tensor& like) {
  return at::empty({count, shape.channels, shape.height, shape.width}, like.options(), kNhwc);
}

// Calls body(image) for each of `count` images, divided among the threads.
template <typename Body>
void for_each_image(std::int64_t count, const Body& body) {
  at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t image = begin; image < end; ++image) body(image);
  });
}

// The data of one image in a tensor whose first dimension counts images.
template <typename Element>
Element* part(const at::Tensor& tensor, std::int64_t image) {
  return tensor.data_ptr<Element>() + image * (tensor.numel() / tensor.size(0));
}

// [O,1,3,3] -> [9,O], the order in which the kernels read it.
at::Tensor taps_first(const at::Tensor& weight) {
  return weight.reshape({weight.size(0), 9}).t().contiguous();
}

at::Tensor framed(const at::Tensor& faces) {
  return at::constant_pad_nd(faces, {1, 1, 1, 1}).contiguous(at::MemoryFormat::Contiguous);
}

void fused_forward(const at::Tensor& faces, const at::Tensor& weight, const at::Tensor& bias,
                   const at::Tensor& pooled, const at::Tensor& route) {
  const PoolKernels& kernels = pool_kernels();
  const PoolShape shape = shape_before_pooling(faces, weight);
  const auto* offset = bias.const_data_ptr<float>();
  if (faces.size(1) == 1) {
    const at::Tensor images = framed(faces);
    const at::Tensor taps = taps_first(weight);
    for_each_image(faces.size(0), [&](std::int64_t image) {
      kernels.convolve(part<float>(images, image), taps.const_data_ptr<float>(), offset, shape,
                       part<float>(pooled, image), part<std::uint8_t>(route, image));
    });
    return;
  }
  const at::Tensor values = at::conv2d(faces, weight, {}, 1, 1).contiguous(kNhwc);
  for_each_image(faces.size(0), [&](std::int64_t image) {
    kernels.pool(part<float>(values, image), offset, shape, part<float>(pooled, image),
                 part<std::uint8_t>(route, image));
  });
}

struct Gradients {
  at::Tensor faces, weight, bias;
};

// A row for each image's part of a gradient. The rows are then added up in their order, so that the
// sum is the same for any number of threads, which Tensor::sum does not promise.
at::Tensor rows_for(std::int64_t images, std::int64_t size, const at::Tensor& like) {
  return at::empty({images, size}, like.options());
}

at::Tensor sum_of(const at::Tensor& rows) {
  at::Tensor total = at::zeros({rows.size(1)}, rows.options());
  const auto* row = rows.const_data_ptr<float>();
  auto* sums = total.data_ptr<float>();
  for (std::int64_t i = 0; i < rows.size(0); ++i, row += rows.size(1)) {
    for (std::int64_t j = 0; j < rows.size(1); ++j) sums[j] += row[j];
  }
  return total;
}

Gradients one_channel_backward(const at::Tensor& gradient, const at::Tensor& faces,
                               const at::Tensor& weight, const at::Tensor& route) {
  const PoolKernels& kernels = pool_kernels();
  const PoolShape shape = shape_before_pooling(faces, weight);
  const at::Tensor images = framed(faces);
  const at::Tensor taps = rows_for(faces.size(0), 9 * shape.channels, gradient);
  const at::Tensor offsets = rows_for(faces.size(0), shape.channels, gradient);
  for_each_image(faces.size(0), [&](std::int64_t image) {
    kernels.convolve_gradient(part<float>(images, image), part<float>(gradient, image),
                              part<std::uint8_t>(route, image), shape, part<float>(taps, image),
                              part<float>(offsets, image));
  });
  return {{}, sum_of(taps).view({9, shape.channels}).t().reshape(weight.sizes()), sum_of(offsets)};
}

Gradients general_backward(const at::Tensor& gradient, const at::Tensor& faces,
                           const at::Tensor& weight, const at::Tensor& route, bool needs_faces) {
  const PoolKernels& kernels = pool_kernels();
  const PoolShape shape = shape_before_pooling(faces, weight);
  const at::Tensor values = empty_nhwc(faces.size(0), shape, gradient);
  const at::Tensor offsets = rows_for(faces.size(0), shape.channels, gradient);
  for_each_image(faces.size(0), [&](std::int64_t image) {
    kernels.unpool(part<float>(gradient, image), part<std::uint8_t>(route, image), shape,
                   part<float>(values, image), part<float>(offsets, image));
  });
  auto [to_faces, to_weight, none] =
      at::convolution_backward(values, faces, weight, at::OptionalIntArrayRef{}, {1, 1}, {1, 1},
                               {1, 1}, false, {0, 0}, 1, {needs_faces, true, false});
  return {to_faces, to_weight, sum_of(offsets)};
}

class ConvReluPool : public torch::autograd::Function<ConvReluPool> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& faces,
                            const at::Tensor& weight, const at::Tensor& bias) {
    const PoolShape shape = shape_before_pooling(faces, weight);
    const PoolShape half = halved(shape);
    const at::Tensor pooled = empty_nhwc(faces.size(0), half, faces);
    const at::Tensor route = at::empty({faces.size(0), half.height, half.width, half.channels},
                                       faces.options().dtype(at::kByte));
    fused_forward(faces, weight, bias.contiguous(), pooled, route);
    context->save_for_backward({faces, weight, route});
    return pooled;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv_relu_pool has no second derivative");
    const variable_list saved = context->get_saved_variables();
    const at::Tensor gradient = gradients[0].contiguous(kNhwc);
    const bool needs_faces = context->needs_input_grad(0);
    const at::Tensor &faces = saved[0], &weight = saved[1], &route = saved[2];
    const Gradients to = faces.size(1) == 1 && !needs_faces
                             ? one_channel_backward(gradient, faces, weight, route)
                             : general_backward(gradient, faces, weight, route, needs_faces);
    return {to.faces, to.weight, to.bias};
  }
};

bool fusible(const at::Tensor& faces, const at::Tensor& weight, const at::Tensor& bias) {
  return faces.is_cpu() && weight.is_cpu() && faces.scalar_type() == at::kFloat &&
         weight.scalar_type() == at::kFloat && bias.is_cpu() && bias.scalar_type() == at::kFloat &&
         bias.numel() == weight.size(0) && !at::autocast::is_autocast_enabled(at::kCPU) &&
         faces.size(0) > 0 && faces.size(2) % 2 == 0 && faces.size(3) % 2 == 0 &&
         weight.size(0) % kPoolLanes == 0;
}

}  // namespace

at::Tensor conv_relu_pool_plain(const at::Tensor& faces, const at::Tensor& weight,
                                const at::Tensor& bias) {
  return at::relu(at::max_pool2d(at::conv2d(faces, weight, bias, 1, 1), 2));
}

at::Tensor conv_relu_pool(const at::Tensor& faces, const at::Tensor& weight,
                          const at::Tensor& bias) {
  if (!fusible(faces, weight, bias)) return conv_relu_pool_plain(faces, weight, bias);
  return ConvReluPool::apply(faces, weight, bias);
}

}  // namespace fer::nn
