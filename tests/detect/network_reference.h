// Compares OnnxNetwork's results for a detector's file with those of ONNX Runtime.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "fer/core/safetensors_file.h"
#include "fer/detect/onnx_network.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::test {

// Call FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors") before.
inline void check_network(const std::string& model, const std::string& kind, int side,
                          const std::vector<detect::ExpectedOutput>& outputs) {
  const TemporaryFolder folder;
  const std::string path = (folder / "reference.safetensors").string();
  run_python("onnx_reference.py", {"run", model, std::to_string(side), path});
  const SafetensorsFile reference(path);
  const std::vector<float> levels = reference.floats(*reference.find("input"));
  cv::Mat picture(side, side, CV_8UC3);
  for (int i = 0; i < side * side * 3; ++i) {  // [3,side,side] -> [side,side,3]
    const int plane = i % 3 * side * side;
    picture.data[i] = static_cast<unsigned char>(levels[std::size_t(plane + i / 3)]);
  }
  detect::OnnxNetwork network(detect::read_detector_file(model), model, kind, {.side = side},
                              outputs);
  const std::vector<cv::Mat> blobs = network.run(picture, picture.size(), /*as_rgb=*/false);
  REQUIRE(blobs.size() == outputs.size());
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    CAPTURE(outputs[i].name);
    std::vector<float> expected = reference.floats(*reference.find(outputs[i].name));
    REQUIRE(expected.size() == blobs[i].total());
    const int count = static_cast<int>(expected.size());
    const cv::Mat theirs(1, count, CV_32F, expected.data()), ours(1, count, CV_32F, blobs[i].data);
    CHECK(cv::norm(ours, theirs, cv::NORM_INF) < 1e-4);
  }
}

}  // namespace fer::test
