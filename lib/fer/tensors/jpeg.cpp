#include "fer/tensors/jpeg.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace fer::tensors {

namespace {

constexpr std::int64_t kBlock = 8;
constexpr double kMiddle = 128.0;  // the level shift of T.81, A.3.1

// T.81, table K.1: luminance, rows by vertical frequency.
constexpr std::array<int, 64> kLuminance = {16, 11, 10, 16, 24,  40,  51,  61,   //
                                            12, 12, 14, 19, 26,  58,  60,  55,   //
                                            14, 13, 16, 24, 40,  57,  69,  56,   //
                                            14, 17, 22, 29, 51,  87,  80,  62,   //
                                            18, 22, 37, 56, 68,  109, 103, 77,   //
                                            24, 35, 55, 64, 81,  104, 113, 92,   //
                                            49, 64, 78, 87, 103, 121, 120, 101,  //
                                            72, 92, 95, 98, 112, 100, 103, 99};

// Above the rounding error of sums of doubles and far below anything visible, so that exact halves,
// of which flat blocks have many, are rounded alike for any order of the sum.
constexpr double kSlack = 1e-9;

// libjpeg's jpeg_quality_scaling and jpeg_add_quant_table, baseline: double [8,8].
at::Tensor steps(int quality) {
  const int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  at::Tensor table = at::empty({kBlock, kBlock}, at::kDouble);
  auto* values = table.data_ptr<double>();
  for (const int entry : kLuminance) *values++ = std::clamp((entry * scale + 50) / 100, 1, 255);
  return table;
}

// T.81, A.3.3: row u holds the cosine of frequency u, orthonormal. double [8,8].
at::Tensor cosines() {
  at::Tensor matrix = at::empty({kBlock, kBlock}, at::kDouble);
  auto* values = matrix.data_ptr<double>();
  for (std::int64_t u = 0; u < kBlock; ++u) {
    for (std::int64_t x = 0; x < kBlock; ++x) {
      const double angle = static_cast<double>((2 * x + 1) * u) * std::numbers::pi / 16.0;
      *values++ = std::cos(angle) * (u == 0 ? std::sqrt(0.125) : 0.5);
    }
  }
  return matrix;
}

// Multiplies each run of eight pixels along a row by `matrix` [8,8] and transposes the result, so
// that two calls transform blocks along both axes. [N,H,W] -> [N,W,H].
at::Tensor along_rows(const at::Tensor& levels, const at::Tensor& matrix) {
  return at::matmul(levels.reshape({-1, kBlock}), matrix).view_as(levels).transpose(1, 2);
}

// Rounds halves away from zero, as encoders do.
at::Tensor rounded(const at::Tensor& x) {
  return at::sign(x) * at::floor(at::abs(x) + (0.5 + kSlack));
}

}  // namespace

at::Tensor through_jpeg(const at::Tensor& levels, int quality) {
  TORCH_CHECK(quality >= 1 && quality <= 100, "JPEG quality ", quality);
  const std::int64_t height = levels.size(1), width = levels.size(2);
  TORCH_CHECK(height % kBlock == 0 && width % kBlock == 0, "JPEG blocks do not fit");
  const at::Tensor frequencies = cosines().to(levels.device());
  const at::Tensor forward = frequencies.t();
  const at::Tensor& backward = frequencies;
  const at::Tensor step =
      steps(quality).repeat({height / kBlock, width / kBlock}).to(levels.device());
  const at::Tensor centred = levels.to(at::kDouble) - kMiddle;
  const at::Tensor coefficients = along_rows(along_rows(centred, forward), forward);
  const at::Tensor kept = rounded(coefficients / step) * step;
  const at::Tensor decoded = along_rows(along_rows(kept, backward), backward) + kMiddle;
  return at::floor(decoded + (0.5 + kSlack)).clamp(0.0, 255.0).to(at::kFloat);
}

}  // namespace fer::tensors
