// Networks that were exported alone, run by OpenCV's dnn. In a program without LibTorch: both bring
// a protobuf library of their own.
#include <algorithm>
#include <cmath>
#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

#include "fer/infer/face_model.h"
#include "fer/model/onnx_export.h"
#include "support/catch.h"
#include "support/random_graph.h"

namespace fer::model {
namespace {

TEST_CASE("OpenCV says of an exported network what we say", "[model][integration]") {
  for (const char* name : {"seed-cnn", "nano", "nano-fer2013", "small"}) {
    const auto models =
        load_models({std::string(FER_SOURCE_DIR) + "/models/" + name + ".safetensors"});
    const infer::FaceModel own(models[0].model, name);
    const std::string content = onnx_of(models, std::vector{1.0}, {.raw = true});
    cv::dnn::Net net = cv::dnn::readNetFromONNX(content.data(), content.size());
    for (const int count : {1, 2, 64}) {
      CAPTURE(name, count);
      std::vector<float> faces = test::Numbers(3).normal(count * 48 * 48);
      runtime::Team team(1);
      const std::vector<float> expected = own.logits(faces, team);
      const int sizes[] = {count, 1, 48, 48};
      net.setInput(cv::Mat(4, sizes, CV_32F, faces.data()), "input");
      const cv::Mat logits = net.forward("logits");
      REQUIRE(logits.total() == expected.size());
      double largest = 0.0, size = 1.0;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        size = std::max(size, std::abs(double{expected[i]}));
        largest = std::max(largest, std::abs(double{logits.ptr<float>()[i]} - double{expected[i]}));
      }
      CHECK(largest / size < 1e-5);
    }
  }
}

}  // namespace
}  // namespace fer::model
