// An ONNX file as a function from a square picture to numbers: run by LibTorch where it knows every
// node, else by OpenCV.
#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

#include "fer/infer/onnx_file.h"
#include "fer/infer/onnx_net.h"

namespace fer::detect {

// An output, and the shape it must have for the input's size.
struct ExpectedOutput {
  std::string name;
  std::vector<int> shape;
};

// A detector's file and what it says of itself.
struct DetectorFile {
  std::string content;
  infer::OnnxFile onnx;
};

// @throws fer::Error where the file is missing, larger than any detector, or no ONNX network.
DetectorFile read_detector_file(const std::filesystem::path& path);

class OnnxNetwork {
 public:
  // Runs the network once on an empty picture of side x side: a file that loads but cannot run, or
  // gives something else, is found out here and not on the first face. `path` and `kind` ("a YuNet
  // detector") are for messages. @throws fer::Error where outputs are missing or of another shape.
  OnnxNetwork(const DetectorFile& file, const std::filesystem::path& path, const std::string& kind,
              int side, const std::vector<ExpectedOutput>& outputs);

  // square: 8-bit BGR [side,side,3] -> the outputs in the order given above, float, each in one
  // piece; they are overwritten by the next call. @throws cv::Exception where OpenCV fails.
  std::vector<cv::Mat> run(const cv::Mat& square, bool as_rgb);

 private:
  std::vector<cv::Mat> run_fast(const cv::Mat& square, bool as_rgb);

  std::unique_ptr<infer::OnnxNet> fast_;  // none where it does not know a node
  std::vector<infer::OnnxTensor> results_;
  cv::dnn::Net net_;
  std::vector<std::string> output_names_;
};

}  // namespace fer::detect
