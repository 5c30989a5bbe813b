from mindspore import nn


class LeNet5(nn.Cell):
    def __init__(self, num_class=10, num_channel=1):
        super(LeNet5, self).__init__()
        self.conv1 = nn.Conv2d(num_channel, 6, 5, pad_mode="valid")
        self.conv2 = nn.Conv2d(6, 16, 5, pad_mode="valid")
        self.fc1 = nn.Dense(16 * 5 * 5, 120, weight_init="normal")
        self.fc2 = nn.Dense(120, 84)
        self.fc3 = nn.Dense(84, num_class, has_bias=False)
        self.relu = nn.ReLU()
        self.max_pool2d = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()


net = LeNet5()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
