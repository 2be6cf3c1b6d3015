// The bridge to OpenCV: a cv::Mat and its file have the same faces.
#include <fer/opencv.h>
#include <fer/predictor.h>

#include <opencv2/imgcodecs.hpp>

int main(int, char** argv) {
  const fer::Predictor predictor({.detector = "none"});
  const cv::Mat picture = cv::imread(argv[1]);
  return predictor.predict(fer::view(picture)) == predictor.predict_file(argv[1]) ? 0 : 1;
}
