#include "fer/detect/onnx_network.h"

#include <exception>
#include <opencv2/imgproc.hpp>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/image/opencv_quiet.h"

namespace fer::detect {

namespace {

constexpr std::size_t kMaxFileBytes = 64'000'000;  // CenterFace, the largest, has 7.3 million

std::string shape_text(const std::vector<int>& shape) {
  std::vector<std::string> sizes;
  sizes.reserve(shape.size());
  for (const int size : shape) sizes.push_back(std::to_string(size));
  return "[" + join(sizes, ",") + "]";
}

std::vector<int> shape_of(const cv::Mat& blob) { return {blob.size.p, blob.size.p + blob.dims}; }

void check_names(const infer::OnnxFile& onnx, const std::vector<ExpectedOutput>& outputs,
                 const std::string& wrong) {
  for (const ExpectedOutput& output : outputs) {
    if (onnx.has_output(output.name)) continue;
    std::vector<std::string> names;
    for (const infer::OnnxValue& value : onnx.outputs) names.push_back(quote(value.name));
    throw Error(wrong + ": it has no output " + quote(output.name) + " but " + join(names, ", "));
  }
}

void check_shapes(const std::vector<cv::Mat>& blobs, const std::vector<ExpectedOutput>& outputs,
                  const std::string& wrong) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::vector<int> shape = shape_of(blobs[i]);
    if (shape == outputs[i].shape && blobs[i].type() == CV_32F && blobs[i].isContinuous()) continue;
    throw Error(wrong + ": its output " + outputs[i].name + " has shape " + shape_text(shape) +
                ", not " + shape_text(outputs[i].shape));
  }
}

}  // namespace

DetectorFile read_detector_file(const std::filesystem::path& path) {
  DetectorFile file{.content = read_file(path, kMaxFileBytes), .onnx = {}};
  file.onnx = infer::read_onnx_file(file.content, path.string());
  return file;
}

OnnxNetwork::OnnxNetwork(const DetectorFile& file, const std::filesystem::path& path,
                         const std::string& kind, int side,
                         const std::vector<ExpectedOutput>& outputs) {
  image::silence_opencv();
  const std::string wrong = path.string() + ": is not " + kind;
  check_names(file.onnx, outputs, wrong);
  for (const ExpectedOutput& output : outputs) output_names_.push_back(output.name);
  std::vector<cv::Mat> blobs;
  const cv::Mat empty(side, side, CV_8UC3, cv::Scalar::all(0));
  try {
    fast_ = infer::OnnxNet::make(file.onnx);
    if (fast_) blobs = run_fast(empty, false);
  } catch (const Error&) {  // what adds values of different sizes, for one: OpenCV may know how
    fast_.reset();
  }
  try {
    if (!fast_) {
      net_ = cv::dnn::readNetFromONNX(file.content.data(), file.content.size());
      blobs = run(empty, false);
    }
  } catch (const cv::Exception& failure) {
    throw Error(wrong + " that can be run: " + quote(failure.err, 200));
  } catch (const std::exception& failure) {  // no memory, sizes that do not fit
    throw Error(wrong + " that can be run: " + quote(failure.what(), 200));
  }
  check_shapes(blobs, outputs, wrong);
}

std::vector<cv::Mat> OnnxNetwork::run_fast(const cv::Mat& square, bool as_rgb) {
  cv::Mat pixels;
  if (as_rgb) {
    cv::cvtColor(square, pixels, cv::COLOR_BGR2RGB);
  } else {
    pixels = square.isContinuous() ? square : square.clone();
  }
  results_ = fast_->run({pixels.data, pixels.rows, pixels.cols, pixels.channels()}, output_names_);
  std::vector<cv::Mat> blobs;
  for (infer::OnnxTensor& result : results_) {
    const std::vector<int> shape(result.dims.begin(), result.dims.end());
    blobs.emplace_back(shape, CV_32F, result.values.data());
  }
  return blobs;
}

std::vector<cv::Mat> OnnxNetwork::run(const cv::Mat& square, bool as_rgb) {
  if (fast_) return run_fast(square, as_rgb);
  net_.setInput(cv::dnn::blobFromImage(square, 1.0, {}, {}, as_rgb));
  std::vector<cv::Mat> blobs;
  net_.forward(blobs, std::vector<cv::String>(output_names_.begin(), output_names_.end()));
  return blobs;
}

}  // namespace fer::detect
