#include <iostream>
#include <opencv2/dnn.hpp>
#include <opencv2/imgcodecs.hpp>

int main(int, char** argv) {
  const char* labels[] = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  const double mean = 0.50776, deviation = 0.255;                  // fer-model describe nano
  cv::dnn::Net net = cv::dnn::readNetFromONNX(argv[1]);            // nano-raw.onnx
  const cv::Mat face = cv::imread(argv[2], cv::IMREAD_GRAYSCALE);  // 48x48 pixels
  net.setInput(cv::dnn::blobFromImage(face, 1 / (255 * deviation), {}, 255 * mean));
  cv::Point best;
  cv::minMaxLoc(net.forward(), nullptr, nullptr, nullptr, &best);
  std::cout << labels[best.x] << "\n";
}
