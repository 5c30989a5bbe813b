import numpy as np

from mindspore import Tensor, nn, ops


def conv(in_channels, out_channels, kernel_size, stride=1, padding=0, pad_mode="valid", has_bias=True):
    return nn.Conv2d(
        in_channels,
        out_channels,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        has_bias=has_bias,
        pad_mode=pad_mode,
    )


def fc_with_initialize(input_channels, out_channels, has_bias=True):
    return nn.Dense(input_channels, out_channels, has_bias=has_bias)


class DataNormTranspose(nn.Cell):
    def __init__(self, dataset_name="imagenet"):
        super().__init__()
        if dataset_name == "imagenet":
            self.mean = Tensor(np.array([0.485]).reshape((1, 1, 1)).astype(np.float32))
        else:
            self.mean = Tensor(np.array([0.4914]).reshape((1, 1, 1)).astype(np.float32))


class AlexNet(nn.Cell):
    def __init__(self, num_classes=10, channel=3, phase="train", include_top=True, dataset_name="imagenet"):
        super(AlexNet, self).__init__()
        self.data_trans = DataNormTranspose(dataset_name=dataset_name)
        self.conv1 = conv(channel, 64, 11, stride=4, pad_mode="same", has_bias=True)
        self.conv2 = conv(64, 128, 5, pad_mode="same", has_bias=True)
        self.conv3 = conv(128, 192, 3, pad_mode="same", has_bias=False)
        self.relu = ops.ReLU()
        self.max_pool2d = nn.MaxPool2d(kernel_size=3, stride=2, pad_mode="valid")
        self.include_top = include_top
        if self.include_top:
            dropout_ratio = 0.65 if phase == "train" else 1.0
            self.flatten = nn.Flatten()
            self.fc1 = fc_with_initialize(6 * 6 * 256, 4096)
            self.fc2 = fc_with_initialize(4096, 4096)
            self.fc3 = fc_with_initialize(4096, num_classes)
            self.dropout = nn.Dropout(p=1 - dropout_ratio)


net = AlexNet(10, phase="train", include_top=True)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
