#include "fer/detect/yunet_detector.h"

#include <cmath>

#include "detect/detector_fixtures.h"
#include "detect/network_reference.h"
#include "detect/photo_faces.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/onnx_fixtures.h"

namespace fer::detect {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

// Outputs without a face.
std::vector<cv::Mat> empty_outputs(int side) {
  std::vector<cv::Mat> outputs;
  for (const ExpectedOutput& output : yunet_outputs(side)) {
    outputs.emplace_back(output.shape, CV_32F, cv::Scalar(0));
  }
  return outputs;
}

// part: 0 cls, 1 obj, 2 bbox, 3 kps; level: 0, 1, 2 for strides 8, 16, 32.
float* numbers(std::vector<cv::Mat>& outputs, std::size_t part, std::size_t level, int cell) {
  cv::Mat& blob = outputs[part * 3 + level];
  return blob.ptr<float>() + cell * blob.size[2];
}

TEST_CASE("YuNet's outputs have a row for each cell of each stride", "[detect][unit]") {
  const auto outputs = yunet_outputs(320);
  REQUIRE(outputs.size() == 12);
  CHECK(outputs[0].name == "cls_8");
  CHECK(outputs[0].shape == std::vector{1, 1600, 1});
  CHECK(outputs[5].name == "obj_32");
  CHECK(outputs[5].shape == std::vector{1, 100, 1});
  CHECK(outputs[7].name == "bbox_16");
  CHECK(outputs[7].shape == std::vector{1, 400, 4});
  CHECK(outputs[9].name == "kps_8");
  CHECK(outputs[9].shape == std::vector{1, 1600, 10});
}

TEST_CASE("a cell of YuNet decodes to its score, box and landmarks", "[detect][unit]") {
  auto outputs = empty_outputs(320);
  CHECK(decode_yunet(outputs, 320, 0.5).empty());
  const int cell = 3 * 20 + 5;  // row 3, column 5 of stride 16
  *numbers(outputs, 0, 1, cell) = 0.9F;
  *numbers(outputs, 1, 1, cell) = 0.4F;
  const float box[] = {0.5F, 0.25F, std::log(2.0F), std::log(3.0F)};
  std::copy(std::begin(box), std::end(box), numbers(outputs, 2, 1, cell));
  const float points[] = {0.0F, 0.0F, 1.0F, 0.0F, 0.5F, 0.5F, 0.0F, 1.0F, 1.0F, 1.25F};
  std::copy(std::begin(points), std::end(points), numbers(outputs, 3, 1, cell));

  const auto found = decode_yunet(outputs, 320, 0.5);
  REQUIRE(found.size() == 1);
  CHECK(std::abs(found[0].score - 0.6) < 1e-6);
  // Centre (5.5, 3.25) * 16, size (2, 3) * 16.
  CHECK(std::abs(found[0].box.x - (88.0 - 16.0)) < 1e-4);
  CHECK(std::abs(found[0].box.y - (52.0 - 24.0)) < 1e-4);
  CHECK(std::abs(found[0].box.width - 32.0) < 1e-4);
  CHECK(std::abs(found[0].box.height - 48.0) < 1e-4);
  CHECK(found[0].landmarks.right_eye == cv::Point2d(80, 48));
  CHECK(found[0].landmarks.left_eye == cv::Point2d(96, 48));
  CHECK(found[0].landmarks.nose == cv::Point2d(88, 56));
  CHECK(found[0].landmarks.right_mouth == cv::Point2d(80, 64));
  CHECK(found[0].landmarks.left_mouth == cv::Point2d(96, 68));
  CHECK(decode_yunet(outputs, 320, 0.61).empty());
}

TEST_CASE("YuNet's cells of every stride count, and scores stay in [0, 1]", "[detect][unit]") {
  auto outputs = empty_outputs(64);
  for (std::size_t level = 0; level < 3; ++level) {
    *numbers(outputs, 0, level, 1) = 1.5F;
    *numbers(outputs, 1, level, 1) = 7.0F;
  }
  *numbers(outputs, 0, 0, 3) = -1.0F;
  *numbers(outputs, 1, 0, 3) = -1.0F;
  const auto found = decode_yunet(outputs, 64, 0.9);
  REQUIRE(found.size() == 3);
  for (std::size_t level = 0; level < 3; ++level) {
    const double stride = 8 << level;
    CHECK(found[level].score == 1.0);
    CHECK(found[level].box == cv::Rect2d(stride / 2, -stride / 2, stride, stride));
  }
}

TEST_CASE("a file that is no YuNet is an error that says what it is", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const auto rejects = [&](const std::string& content, const std::string& why) {
    const std::string path = test::save((folder / "bad.onnx").string(), content);
    CAPTURE(why);
    CHECK_THROWS_MATCHES(
        YunetDetector(path), Error,
        MessageMatches(ContainsSubstring("bad.onnx: is not ") && ContainsSubstring(why)));
  };
  CHECK_THROWS_MATCHES(YunetDetector(folder / "none.onnx"), Error,
                       MessageMatches(ContainsSubstring("none.onnx")));
  rejects("", "an ONNX network");
  rejects("no network", "an ONNX network");
  rejects(test::relu_network({"537"}, 320), "no output 'cls_8' but '537'");
  std::vector<std::string> names;
  for (const ExpectedOutput& output : yunet_outputs(320)) names.push_back(output.name);
  rejects(test::relu_network(names, 320), "output cls_8 has shape [1,3,320,320], not [1,1600,1]");
  rejects(test::relu_network(names, 100), "multiple of 32");
  rejects(test::relu_network(names, 1 << 20), "multiple of 32");
  rejects(test::relu_network(names, 0), "multiple of 32");
}

TEST_CASE("YuNet's numbers are those of ONNX Runtime", "[detect][integration]") {
  const auto model = test::yunet_file(320);
  if (!model) FER_SKIP("no shared YuNet file on this machine");
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  test::check_network(*model, "a YuNet detector", 320, yunet_outputs(320));
}

TEST_CASE("YuNet finds exactly the faces of the photos", "[detect][integration]") {
  for (const int side : {320, 640}) {
    CAPTURE(side);
    const auto model = test::yunet_file(side);
    if (!model || !test::shared_photo("one_face_480p.jpg"))
      FER_SKIP("no shared photos or YuNet files on this machine");
    for (const runtime::Precision precision : test::detector_precisions()) {
      CAPTURE(int(precision));
      YunetDetector detector(*model, precision);
      CHECK(detector.input_side() == side);
      test::check_photo_faces(detector);
    }
  }
}

}  // namespace
}  // namespace fer::detect
