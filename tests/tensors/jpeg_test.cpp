#include "fer/tensors/jpeg.h"

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "fer/core/face.h"
#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

#if FER_WITH_VISION
#include <opencv2/imgcodecs.hpp>
#endif

namespace fer::tensors {
namespace {

at::Tensor flat(double level) { return at::full({1, 16, 24}, level, at::kFloat); }

TEST_CASE("JPEG rounds the mean of a block to steps of its table", "[eval][unit]") {
  // Hand-worked: the first entry of the table is 16, and a block of level g has the coefficient
  // 8 (g - 128), so that steps are 2 levels at quality 50, 4 at quality 25 and 1/4 at quality 95.
  const std::vector<std::vector<double>> cases = {{50, 128, 128}, {50, 200, 200}, {25, 200, 200},
                                                  {25, 129, 128}, {25, 131, 132}, {25, 201, 200},
                                                  {25, 203, 204}, {95, 77, 77}};
  for (const std::vector<double>& one : cases) {
    CAPTURE(one[0], one[1]);
    CHECK(at::equal(through_jpeg(flat(one[1]), static_cast<int>(one[0])), flat(one[2])));
  }
}

TEST_CASE("the highest JPEG quality keeps faces to within a grey level", "[eval][unit]") {
  const at::Tensor faces =
      data::make_synthetic_set(70, 1).images.all().slice(0, 0, 8).to(at::kFloat);
  CHECK(test::largest_difference(through_jpeg(faces, 100), faces) <= 1.0);
  CHECK(test::largest_difference(through_jpeg(faces, 10), faces) > 10.0);
}

TEST_CASE("JPEG blocks know nothing of each other", "[eval][unit]") {
  at::Tensor levels = flat(100);
  levels.narrow(1, 8, 8).narrow(2, 16, 8).normal_(128.0, 40.0).round_().clamp_(0, 255);
  at::Tensor result = through_jpeg(levels, 25);
  CHECK(test::largest_difference(result, levels) > 1.0);
  result.narrow(1, 8, 8).narrow(2, 16, 8).fill_(100);
  CHECK(at::equal(result, through_jpeg(flat(100), 25)));
}

TEST_CASE("sizes and qualities that JPEG has not are mistakes", "[eval][unit]") {
  CHECK_THROWS(through_jpeg(flat(1), 0));
  CHECK_THROWS(through_jpeg(flat(1), 101));
  CHECK_THROWS(through_jpeg(at::zeros({1, 12, 16}), 50));
}

#if FER_WITH_VISION
TEST_CASE("JPEG is what OpenCV's encoder and decoder make of a face", "[eval][unit]") {
  const at::Tensor faces =
      data::make_synthetic_set(70, 1).images.all().slice(0, 0, 20).contiguous();
  const int quality = GENERATE(65, 58, 50, 40, 25, 7);
  CAPTURE(quality);
  const at::Tensor ours = through_jpeg(faces.to(at::kFloat), quality);
  at::Tensor theirs = at::empty_like(faces);
  for (std::int64_t i = 0; i < faces.size(0); ++i) {
    const cv::Mat face(kFaceSide, kFaceSide, CV_8UC1, faces[i].data_ptr<std::uint8_t>());
    std::vector<std::uint8_t> file;
    REQUIRE(cv::imencode(".jpg", face, file, {cv::IMWRITE_JPEG_QUALITY, quality}));
    const cv::Mat read = cv::imdecode(file, cv::IMREAD_GRAYSCALE);
    theirs[i].copy_(at::from_blob(read.data, {kFaceSide, kFaceSide}, at::kByte));
  }
  const at::Tensor apart = (ours - theirs.to(at::kFloat)).abs();
  // libjpeg's coefficients are off by up to 0.1. One that lies so near to the middle between two
  // steps is rounded to the other step, which happens in every tenth block at quality 65. All other
  // pixels agree within a grey level.
  CHECK(apart.le(1.0).to(at::kFloat).mean().item<double>() > 0.95);
  CHECK(apart.mean().item<double>() < 0.2);
}
#endif

}  // namespace
}  // namespace fer::tensors
