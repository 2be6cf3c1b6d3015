// The example of README.md and docs/predict.md.
#include <fer/predictor.h>

#include <iostream>

int main(int argc, char** argv) try {
  const fer::Predictor predictor;
  for (int i = 1; i < argc; ++i) {
    for (const fer::Face& face : predictor.predict_file(argv[i])) {
      std::cout << argv[i] << ": " << face.box.width << "x" << face.box.height << " at ("
                << face.box.x << ", " << face.box.y << "): " << face.label << " "
                << face.probability << "\n";
    }
  }
} catch (const fer::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
