// An ONNX file as a function from a square picture to numbers, run by runtime/ on one thread: where
// there are several cores, there are several detectors (detector_pool.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "fer/graph/onnx_file.h"
#include "fer/graph/onnx_graph.h"
#include "fer/runtime/executable.h"
#include "fer/runtime/precision.h"
#include "fer/runtime/team.h"

namespace fer::detect {

// An output, and the shape it must have for the input's size.
struct ExpectedOutput {
  std::string name;
  std::vector<int> shape;
};

// A detector's file and what it says of itself.
struct DetectorFile {
  std::string content;
  graph::OnnxFile onnx;
};

// @throws fer::Error where the file is missing, larger than any detector, or no ONNX network.
DetectorFile read_detector_file(const std::filesystem::path& path);

struct NetworkOptions {
  int side = 0;  // of the square pictures that it takes
  runtime::Precision precision = runtime::Precision::float32;
};

class OnnxNetwork {
 public:
  // `path` and `kind` ("a YuNet detector") are for messages. @throws fer::Error where the network
  // cannot be run, for bfloat16 on a processor without it, and where outputs are missing or of
  // another shape.
  OnnxNetwork(const DetectorFile& file, const std::filesystem::path& path, const std::string& kind,
              const NetworkOptions& options, const std::vector<ExpectedOutput>& outputs);

  // Shares the weights, which do not change, and nothing else: the two may run at the same time.
  OnnxNetwork(const OnnxNetwork& other)
      : executable_(other.executable_), outputs_(other.outputs_) {}
  OnnxNetwork& operator=(const OnnxNetwork&) = delete;

  // square: 8-bit BGR [side,side,3], black outside of its upper left `filled` pixels -> the outputs
  // in the order given above, float, each in one piece; they are overwritten by the next call.
  std::vector<cv::Mat> run(const cv::Mat& square, const cv::Size& filled, bool as_rgb);

 private:
  // A result of the executable, and how it becomes the output that was asked for.
  struct Output {
    std::size_t number;
    std::vector<int> shape;
    bool channels_last;
  };

  std::shared_ptr<const runtime::Executable> executable_;
  runtime::Team team_{1};
  std::vector<Output> outputs_;
  std::vector<std::vector<float>> results_;
};

}  // namespace fer::detect
